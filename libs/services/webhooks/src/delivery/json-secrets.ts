import { holdsSecret } from '@keyledger/secrets';

/** Names and values alike. */
const TEXTS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/**
 * Whether a secret of ours stands in one of the texts of this JSON, however it is escaped. Looked for in the JSON as it
 * is written: an object that was read has only the last of two members of one name.
 */
export const jsonHoldsSecret = (json: string): boolean =>
  (json.match(TEXTS) ?? []).some((text) => holdsSecret(JSON.parse(text) as string));
