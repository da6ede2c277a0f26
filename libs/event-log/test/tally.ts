import { randomUUID } from 'node:crypto';
import type { AppendOutcome, EventLog, StreamCommand, StreamRules } from '../src/index.js';

/** A small domain to write streams of: a set of words without duplicates, at most `MOST` of them. */
export const MOST = 30;

export type Tally = readonly string[];

export interface Word {
  readonly type: 'WordAdded' | 'WordRemoved';
  readonly word: string;
}

export class Refused extends Error {}

export const tallyRules = (log: EventLog): StreamRules<Tally, Word, string> => ({
  log,
  initial: [],
  evolve: (tally, { type, word }) =>
    type === 'WordAdded' ? [...tally, word] : tally.filter((other) => other !== word),
  decode: ({ type, data }) => ({ type: type as Word['type'], word: Buffer.from(data).toString() }),
  encode: ({ type, word }, context, id) => ({ id, type, data: Buffer.from(word), metadata: Buffer.from(context) }),
});

type Command = StreamCommand<Tally, Word, string>;

const command = (decide: Command['decide'], given: Partial<Command>): Command => ({
  commandId: randomUUID(),
  context: 'by a test',
  decide,
  ...given,
});

/** Refused for a word that is there, and when the tally is full. */
export const add = (word: string, given: Partial<Command> = {}): Command =>
  command((tally) => {
    if (tally.includes(word)) throw new Refused(`${word} is there`);
    if (tally.length >= MOST) throw new Refused('full');
    return [{ type: 'WordAdded', word }];
  }, given);

/** Already true for a word that is not there. */
export const remove = (word: string, given: Partial<Command> = {}): Command =>
  command((tally) => (tally.includes(word) ? [{ type: 'WordRemoved', word }] : []), given);

/** Adds and removes a word `count` times, so that streams grow and tallies do not. */
export const churn = (count: number, given: Partial<Command> = {}): Command =>
  command(
    () =>
      Array.from({ length: count }, (_, index) => ({ type: index % 2 ? 'WordRemoved' : 'WordAdded', word: 'churn' })),
    given,
  );

type Append = (...append: Parameters<EventLog['append']>) => Promise<AppendOutcome>;

/** The log as it is, save that appends and the number of events read go through the test. */
export const watched = (log: EventLog, append: Append): EventLog & { eventsRead(): number } => {
  let eventsRead = 0;
  return {
    logId: log.logId,
    append,
    async *readStream(streamId, fromRevision) {
      for await (const page of log.readStream(streamId, fromRevision)) {
        eventsRead += page.length;
        yield page;
      }
    },
    follow: (anchor, signal) => log.follow(anchor, signal),
    head: () => log.head(),
    anchorAt: (position) => log.anchorAt(position),
    ping: () => log.ping(),
    close: () => log.close(),
    eventsRead: () => eventsRead,
  };
};
