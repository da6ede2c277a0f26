import { KafkaBroker } from '@keyledger/testing';

const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('kafka');

/** A broker for this suite; without one, what needs it is skipped in sight, or fails where a broker is required. */
export const startBroker = (what: string): Promise<KafkaBroker | undefined> =>
  KafkaBroker.start().catch((error: unknown) => {
    if (isRequired) throw error;
    console.warn(`NOT RUN: ${what}. ${error instanceof Error ? error.message : ''}`);
    return undefined;
  });
