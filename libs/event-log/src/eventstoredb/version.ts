import { LogRefused } from './failure.js';

/** Versions with a defect in the checkpoints of subscriptions. */
const DEFECTIVE = [
  { from: [24, 10, 0], to: [24, 10, 4] },
  { from: [25, 0, 0], to: [25, 0, 0] },
] as const;
/** The oldest that is known to work; what this adapter is held to was recorded from its line. */
const OLDEST = [23, 10, 0] as const;

const VERSION = /^(\d+)\.(\d+)\.(\d+)/;

type Version = readonly [number, number, number];

const parse = (text: string): Version | null => {
  const [, major, minor, patch] = VERSION.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
};

const rank = ([major, minor, patch]: Version): number => (major * 1_000 + minor) * 1_000 + patch;

/** Throws for a version that must not be used. The answer is a warning for one that is not known, else null. */
export const checkVersion = (text: string): string | null => {
  const version = parse(text);
  // A server that was built without a version calls itself 1.0.0 or 0.0.0.
  if (version === null || version[0] <= 1) {
    return (
      `EventStoreDB does not say which version it is (${text}): make sure that it is 23.10 or later, ` +
      'and neither 24.10.0 to 24.10.4 nor 25.0.0.'
    );
  }
  if (rank(version) < rank(OLDEST))
    throw new LogRefused(`EventStoreDB ${text} is too old: update it to 23.10 or later.`);
  if (DEFECTIVE.some(({ from, to }) => rank(version) >= rank(from) && rank(version) <= rank(to))) {
    throw new LogRefused(`EventStoreDB ${text} has a defect in its subscriptions: update it to a later version.`);
  }
  const [major, minor] = version;
  if (major === OLDEST[0] && minor === OLDEST[1]) return null;
  return `EventStoreDB ${text} was never tried with this program, only 23.10 was: try it before you rely on it.`;
};
