import { placeOf, takeAll, type Event } from './projection.js';
import { giveUp, untilItWorks } from './trying.js';

const { KEYLEDGER_URL = 'http://127.0.0.1:3000', KEYLEDGER_TOKEN = '' } = process.env;
if (!/^[!-~]+$/.test(KEYLEDGER_TOKEN)) giveUp('Set KEYLEDGER_TOKEN to a token with the role auditor.');
const SOURCE = 'feed';

/** Structured CloudEvents, as the feed sends them. */
type CloudEvent = Pick<Event, 'id' | 'type' | 'data'> & { readonly partitionkey: string; readonly sequence: string };

/** Before the first event. */
const BEGINNING = '0';

const ADVICE: Readonly<Record<number, string>> = {
  401: 'Start again with a new KEYLEDGER_TOKEN.',
  403: 'Start again with a KEYLEDGER_TOKEN that has the role auditor.',
  422: 'If the log was restored from a backup, see "was another one before" in the README.',
};

const refuse = async (response: Response): Promise<never> => {
  const { status, statusText } = response;
  const { detail = statusText } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  if (status >= 500 || status === 429) throw new Error(`${status} ${detail}`);
  return giveUp(`${KEYLEDGER_URL} answers ${status}: ${detail} ${ADVICE[status] ?? 'Look at KEYLEDGER_URL.'}`);
};

/** Lines end with a line feed alone. To patterns and other tools some characters that a text may hold end one too. */
const fieldsOf = (message: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>();
  for (const line of message.split('\n')) {
    const [name = ''] = line.split(':', 1);
    fields.set(name, line.slice(name.length + 1));
  }
  return fields;
};

const take = async (message: string): Promise<void> => {
  const fields = fieldsOf(message);
  const [position, data] = [fields.get('id')?.trim(), fields.get('data')];
  if (fields.get('event')?.trim() === 'end') throw new Error(`it ends: ${data}`);
  if (position === undefined) return;
  // A position alone says that nothing up to there was for us.
  const events = data === undefined ? [] : [JSON.parse(data) as CloudEvent];
  const taken = events.map((event) => ({ ...event, accountId: event.partitionkey, sequence: Number(event.sequence) }));
  await takeAll(SOURCE, taken, position);
};

/** Reads from the place that is stored until the server ends the answer, which it does at every restart. */
const follow = async (): Promise<never> => {
  const place = (await placeOf(SOURCE)) ?? BEGINNING;
  const headers = { authorization: `Bearer ${KEYLEDGER_TOKEN}`, 'last-event-id': place };
  const response = await fetch(`${KEYLEDGER_URL}/v1/events`, { headers });
  if (!response.ok || response.body === null) return refuse(response);
  console.log(`Reading ${KEYLEDGER_URL}/v1/events after ${place}`);
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (rest + text).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) await take(message);
  }
  throw new Error('the answer has ended');
};

await untilItWorks(`The feed of ${KEYLEDGER_URL}`, follow);
