import { createSecretKey, randomBytes } from 'node:crypto';
import { deletionPhrases, type DeletionSubject } from '../src/index.js';
import { phraseWords } from '../src/deletion-phrase.js';

const WINDOW_MS = 600_000;
const START = Date.UTC(2026, 0, 1);
const key = createSecretKey(randomBytes(32));
const subject: DeletionSubject = { accountId: 'acct_1', credentialId: 'cred_1', revision: 4 };

describe('the words', () => {
  it('are 256 different ones of four to seven letters, told apart by their first four', () => {
    expect(phraseWords).toHaveLength(256);
    expect(new Set(phraseWords.map((word) => word.slice(0, 4))).size).toBe(256);
    for (const word of phraseWords) expect(word).toMatch(/^[a-z]{4,7}$/);
  });
});

describe('deletion phrases', () => {
  it('are four words, the same for everyone who asks in one window', () => {
    const first = deletionPhrases(key, subject, START);
    expect(first.current).toMatch(/^[a-z]{4,7}(-[a-z]{4,7}){3}$/);
    for (const word of first.current.split('-')) expect(phraseWords).toContain(word);
    expect(deletionPhrases(key, { ...subject }, START + WINDOW_MS - 1)).toEqual(first);
  });

  it('are accepted in their window and in the next one, until they expire', () => {
    const shown = deletionPhrases(key, subject, START + 1);
    const expiresAtMs = Date.parse(shown.expiresAt);
    expect(expiresAtMs).toBe(START + 2 * WINDOW_MS);
    expect(shown.accepted[0]).toBe(shown.current);
    expect(deletionPhrases(key, subject, expiresAtMs - 1).accepted).toContain(shown.current);
    expect(deletionPhrases(key, subject, expiresAtMs).accepted).not.toContain(shown.current);
  });

  it.each<[string, DeletionSubject]>([
    ['account', { ...subject, accountId: 'acct_2' }],
    ['credential', { ...subject, credentialId: 'cred_2' }],
    ['revision', { ...subject, revision: 5 }],
  ])('differ for another %s', (_, other) => {
    expect(deletionPhrases(key, other, START).accepted).not.toContain(deletionPhrases(key, subject, START).current);
  });

  it('differ for another key', () => {
    const otherKey = createSecretKey(randomBytes(32));
    expect(deletionPhrases(otherKey, subject, START).current).not.toBe(deletionPhrases(key, subject, START).current);
  });
});
