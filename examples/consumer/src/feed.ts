import { setTimeout as sleep } from 'node:timers/promises';
import { placeOf, takeAll, type Event } from './projection.js';

const { KEYLEDGER_URL = 'http://127.0.0.1:3000', KEYLEDGER_TOKEN = '' } = process.env;
const authorization = `Bearer ${KEYLEDGER_TOKEN}`;
const SOURCE = 'feed';

/** Structured CloudEvents, as the feed sends them. */
type CloudEvent = Pick<Event, 'id' | 'type' | 'data'> & { readonly partitionkey: string; readonly sequence: string };

/** Before the first event. */
const BEGINNING = '0';

const take = async (message: string): Promise<void> => {
  const field = (name: string): string | undefined => new RegExp(`^${name}: ?(.*)$`, 'm').exec(message)?.[1];
  const [position, data] = [field('id'), field('data')];
  if (field('event') === 'end') console.warn(`The feed ends: ${data}`);
  if (position === undefined) return;
  // A position alone says that nothing up to there was for us.
  const events = data === undefined ? [] : [JSON.parse(data) as CloudEvent];
  const taken = events.map((event) => ({ ...event, accountId: event.partitionkey, sequence: Number(event.sequence) }));
  await takeAll(SOURCE, taken, position);
};

for (;;) {
  const headers = { authorization, 'last-event-id': (await placeOf(SOURCE)) ?? BEGINNING };
  const response = await fetch(`${KEYLEDGER_URL}/v1/events`, { headers });
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (rest + text).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) await take(message);
  }
  await sleep(1_000);
}
