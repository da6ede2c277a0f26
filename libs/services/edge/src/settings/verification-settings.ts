import { duration, type Setting } from './setting.js';

const MOST_SECONDS = 300;

/** Kinds of credentials by their mode; `none` are those that have no mode. */
const kinds = ['test', 'live', 'none'] as const;
type Kind = (typeof kinds)[number];

const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text);

const listOfKinds = (text: string): readonly Kind[] | undefined => {
  const named = text === '' ? [] : text.split(',').map((part) => part.trim());
  return named.every(isKind) ? named : undefined;
};

/** How a verifier goes on while it hears nothing of the log. */
export const verificationSettings = {
  verifierMaxAge: {
    name: 'KEYLEDGER_VERIFIER_MAX_AGE',
    default: '10s',
    description: 'How old what a verifier knows may be, before it says `STALE` instead of going by it.',
    expected: 'a time of 1s to 300s',
    read: (text: string) => {
      const seconds = duration(text);
      return seconds === undefined || seconds > MOST_SECONDS ? undefined : seconds;
    },
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
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
