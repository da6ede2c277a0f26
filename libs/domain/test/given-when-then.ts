import {
  absentAccount,
  builtInTypes,
  decide,
  evolve,
  Rejection,
  type AccountCommand,
  type AccountEvent,
  type AccountState,
  type DecisionContext,
  type RejectionCode,
} from '../src/index.js';

/** `minutes` after the beginning of the year in which all these tests take place. */
export const time = (minutes: number): string => new Date(Date.UTC(2030, 0, 1, 0, minutes)).toISOString();

export const NOW = time(60);

export const context: DecisionContext = {
  at: NOW,
  now: NOW,
  types: new Map(builtInTypes.map((type) => [type.type, type])),
  knownEndpointIds: new Set(['orders.list', 'orders.create']),
  maxCredentials: 100_000,
  maxApplications: 1_000,
};

export const stateAfter = (...events: readonly AccountEvent[]): AccountState => events.reduce(evolve, absentAccount);

/** A decision is tried on the state that `events` led to: given(events).when(command).then(more events). */
export const given = (...events: readonly AccountEvent[]) => ({
  when: (command: AccountCommand, otherwise: Partial<DecisionContext> = {}) => {
    const run = (): readonly AccountEvent[] => decide(command, stateAfter(...events), { ...context, ...otherwise });
    return {
      then: (...expected: readonly AccountEvent[]): void => expect(run()).toEqual(expected),
      thenNothing: (): void => expect(run()).toEqual([]),
      refusal: (): RejectionCode | undefined => refusalOf(run)?.code,
      /** `fields` are those that the refusal blames. */
      thenRejected: (code: RejectionCode, ...fields: readonly string[]): Rejection => {
        const rejection = refusalOf(run);
        if (rejection === undefined) throw new Error(`Accepted, though it should have been refused with ${code}.`);
        expect(rejection.code).toBe(code);
        expect(rejection.errors.map(({ field }) => field)).toEqual(fields);
        expect(rejection.message).toMatch(/^\S.{10,}$/);
        return rejection;
      },
    };
  },
});

const refusalOf = (run: () => unknown): Rejection | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
};
