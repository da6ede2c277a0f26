import { duration, wholeNumber, type Setting } from './setting.js';

const MOST_SECONDS = 300;

/** Kinds of credentials by their mode; `none` are those that have no mode. */
const kinds = ['test', 'live', 'none'] as const;
type Kind = (typeof kinds)[number];

const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text);

const listOfKinds = (text: string): readonly Kind[] | undefined => {
  const named = text === '' ? [] : text.split(',').map((part) => part.trim());
  return named.every(isKind) ? named : undefined;
};

const secondsToFiveMinutes = (text: string): number | undefined => {
  const seconds = duration(text);
  return seconds === undefined || seconds > MOST_SECONDS ? undefined : seconds;
};

/** How a verifier goes on while it hears nothing of the log, and what it keeps of its verdicts. */
export const verificationSettings = {
  verifierMaxAge: {
    name: 'KEYLEDGER_VERIFIER_MAX_AGE',
    default: '10s',
    description: 'How old what a verifier knows may be, before it says `STALE` instead of going by it.',
    expected: 'a time of 1s to 300s',
    read: secondsToFiveMinutes,
  },
  verifierOpenFor: {
    name: 'KEYLEDGER_VERIFIER_OPEN_FOR',
    default: '',
    description:
      'Credentials of these modes are judged by what is known, however old it is: some of `test`, `live` and `none` ' +
      '(without a mode), with commas between. A revocation may then be missed.',
    expected: 'some of test, live and none, with commas between',
    read: listOfKinds,
  },
  usageInterval: {
    name: 'KEYLEDGER_USAGE_INTERVAL',
    default: '5s',
    description:
      'How often a verifier stores what it has counted: last uses, and verdicts by day. One that is killed loses the ' +
      'counts of one such time at most.',
    expected: 'a time of 1s to 300s',
    read: secondsToFiveMinutes,
  },
  usageDays: {
    name: 'KEYLEDGER_USAGE_DAYS',
    default: '400',
    description: 'For how many days the verdicts of each day are kept.',
    expected: 'a number of 90 to 10000',
    read: wholeNumber(90, 10_000),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
