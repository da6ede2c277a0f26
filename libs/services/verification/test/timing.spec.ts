import { generatePublicId, generateToken } from '@keyledger/secrets';
import { applyEvent } from '../src/apply-event.js';
import { CredentialIndex } from '../src/credential-index.js';
import { presentPair, presentSecret, type PresentedText } from '../src/presented.js';
import { Verifier } from '../src/verifier.js';
import { AccountCourse } from './account-course.js';
import { Installation } from './installation.js';

/** `npm run proof` sets it. Few say nothing about times, but show that the cases are what they should be. */
const pairs = Number(process.env['KEYLEDGER_TEST_TIMED_PAIRS'] ?? 200);
const isProof = pairs >= 10_000;

const question = { nowMs: Date.UTC(2031, 0, 1), ip: null, endpoint: null, scopes: [] };

const mean = (times: readonly number[]): number => times.reduce((sum, time) => sum + time, 0) / times.length;

const varianceOfMean = (times: readonly number[]): number => {
  const middle = mean(times);
  return times.reduce((sum, time) => sum + (time - middle) ** 2, 0) / (times.length - 1) / times.length;
};

/** What took much longer was interrupted: that says nothing of our work. */
const undisturbed = (times: readonly number[], most: number): readonly number[] => times.filter((time) => time <= most);

/** Welch's t of the times of two kinds that were taken in turn. */
const welch = (one: readonly number[], other: readonly number[]): number => {
  const sorted = [...one, ...other].sort((left, right) => left - right);
  const most = sorted[Math.floor(sorted.length * 0.9)] ?? Infinity;
  const [left, right] = [undisturbed(one, most), undisturbed(other, most)];
  return (mean(left) - mean(right)) / Math.sqrt(varianceOfMean(left) + varianceOfMean(right));
};

describe('how long it takes to refuse', () => {
  let installation: Installation;
  let verifier: Verifier;
  let course: AccountCourse;

  beforeAll(async () => {
    installation = await Installation.open();
    course = new AccountCourse(installation.keyring.currentPepper);
    for (let each = 0; each < 100; each += 1) course.create('client_credentials', each, null);
    for (let each = 0; each < 100; each += 1) course.create('api_key', each, null);
    await installation.toAccount(course.accountId, ...course.events);
    const index = new CredentialIndex();
    for (const event of await installation.events()) applyEvent(index, Installation.config.streamPrefix, event);
    verifier = new Verifier(index, installation.keyring);
  });

  afterAll(() => installation.close());

  const refusal = (presented: PresentedText): number => {
    const startedAt = process.hrtime.bigint();
    const { code } = verifier.verify(presented, question, '*', () => true);
    const tookNs = Number(process.hrtime.bigint() - startedAt);
    if (code !== 'NOT_FOUND') throw new Error(`Refused with ${code}.`);
    return tookNs;
  };

  /** Takes the two kinds in turn, each first half of the times; both are presented anew each time. */
  const compare = (one: () => PresentedText, other: () => PresentedText): number => {
    const times: [number[], number[]] = [[], []];
    for (let each = 0; each < pairs; each += 1) {
      const [first, second] = [one(), other()];
      if (each % 2 === 0) {
        times[0].push(refusal(first));
        times[1].push(refusal(second));
      } else {
        times[1].push(refusal(second));
        times[0].push(refusal(first));
      }
    }
    return welch(...times);
  };

  it('does not tell an unknown public part from a wrong secret', () => {
    const known = course.issued.flatMap(({ publicPart }) => publicPart ?? []);
    let turn = 0;
    const t = compare(
      () => presentPair(generatePublicId('kci'), generateToken('kcs')),
      () => presentPair(known[(turn += 1) % known.length] ?? '', generateToken('kcs')),
    );
    console.log(`unknown public part against wrong secret: t = ${t.toFixed(2)} of ${pairs} pairs`);
    if (isProof) expect(Math.abs(t)).toBeLessThan(4.5);
  });

  it('does not tell one unknown single secret from another of a kind that is there', () => {
    const t = compare(
      () => presentSecret(generateToken('nothing')),
      () => presentSecret(generateToken('key_test')),
    );
    console.log(`unknown kind against known kind: t = ${t.toFixed(2)} of ${pairs} pairs`);
    if (isProof) expect(Math.abs(t)).toBeLessThan(4.5);
  });
});
