import { createHmac, type KeyObject } from 'node:crypto';
import { frame } from './framing.js';
import { phraseWords } from './phrase-words.js';

const WINDOW_MS = 10 * 60 * 1000;
const WORDS = 4;

/** The credential as it stands: any further event about it changes its phrases. */
export interface DeletionSubject {
  readonly accountId: string;
  readonly credentialId: string;
  readonly revision: number;
}

export interface DeletionPhrases {
  /** What to show. */
  readonly current: string;
  /** What to take as typed back: the phrases of this window and of the one before. */
  readonly accepted: readonly [current: string, previous: string];
  /** When `current` is no longer accepted: between ten and twenty minutes from now. ISO 8601. */
  readonly expiresAt: string;
}

/**
 * The words that a person types back to delete a credential. They need neither a table nor an event, because they are
 * computed again from the subject and the clock. They guard against accidents; they are not a secret.
 */
export const deletionPhrases = (key: KeyObject, subject: DeletionSubject, nowMs: number): DeletionPhrases => {
  const window = Math.floor(nowMs / WINDOW_MS);
  const phraseOf = (ofWindow: number): string => {
    const place = [subject.accountId, subject.credentialId, String(subject.revision), String(ofWindow)];
    const digest = createHmac('sha256', key).update(frame(place)).digest();
    return Array.from(digest.subarray(0, WORDS), (byte) => phraseWords[byte]).join('-');
  };
  const current = phraseOf(window);
  return {
    current,
    accepted: [current, phraseOf(window - 1)],
    expiresAt: new Date((window + 2) * WINDOW_MS).toISOString(),
  };
};
