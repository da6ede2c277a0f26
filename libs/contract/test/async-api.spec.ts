import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  asyncApiDocument,
  eventSchemas,
  exampleOf,
  noticeExampleOf,
  notices,
  ping,
  publicEvents,
  type NoticeName,
  type PublicEventName,
} from '../src/index.js';

const document = asyncApiDocument();
const names = Object.keys(publicEvents) as PublicEventName[];
const types = names.map((name) => publicEvents[name].type);

interface Message {
  readonly name: string;
  readonly payload: object;
  readonly headers?: object;
  readonly examples: readonly [{ readonly payload: object; readonly headers?: Readonly<Record<string, string>> }];
}
const messages = document.components.messages as Readonly<Record<string, Message>>;

const ajv = new Ajv2020({
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
  // Several schemas say together what is required, and of which type it is.
  ...{ strict: true, strictRequired: false, strictTypes: false },
});
ajv.addKeyword('components').addSchema({ components: document.components }, 'document');

const mistakesIn = (value: unknown, pointer: string): unknown => {
  const validate = ajv.compile({ $ref: `document#${pointer}` });
  validate(value);
  return validate.errors;
};

it('is what the file says, which `npm run asyncapi` writes', () => {
  const file: unknown = JSON.parse(readFileSync(new URL('../asyncapi.json', import.meta.url), 'utf8'));
  expect(file).toEqual(JSON.parse(JSON.stringify(document)));
});

it('has every event in each channel and operation, and notices and the ping among the webhooks', () => {
  const binary = types;
  const structured = types.map((type) => `${type}.structured`);
  const onlyInWebhooks = [...Object.values(notices), ping].map(({ type }) => type as string);
  const inChannels = [binary, [...structured, 'end'], [...structured, ...onlyInWebhooks]];
  const { channels, operations, components } = document;
  expect(Object.keys(components.messages).sort()).toEqual([...new Set(inChannels.flat())].sort());
  const { kafka, feed, webhooks } = channels;
  expect([kafka, feed, webhooks].map((each) => Object.keys(each.messages))).toEqual(inChannels);
  const sent = [operations.publish, operations.feed, operations.webhooks].map((each) =>
    each.messages.map(({ $ref }) => $ref.split('/').at(-1)),
  );
  expect(sent).toEqual(inChannels);
});

it('refers to nothing that is not there', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  const missing = references.filter((path) => {
    const found = path.split('/').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], document);
    return found === undefined;
  });
  expect([references.length > 0, missing]).toEqual([true, []]);
});

it.each(Object.entries(messages))('shows an example that is valid: %s', (key, { headers, examples: [example] }) => {
  const at = `/components/messages/${key}`;
  expect(mistakesIn(example.payload, `${at}/payload`)).toBeNull();
  if (headers !== undefined) expect(mistakesIn(example.headers, `${at}/headers`)).toBeNull();
});

it.each(names)('describes exactly this event, and no other one: %s', (name) => {
  const { type } = publicEvents[name];
  const event = exampleOf(name);
  const structured = `/components/messages/${type}.structured/payload`;
  const other = types[(types.indexOf(type) + 1) % types.length];
  expect(mistakesIn({ ...event, type: other }, structured)).not.toBeNull();
  expect(mistakesIn({ ...event, sequence: '42' }, structured)).not.toBeNull();
  expect(mistakesIn({ ...event, data: { ...event.data, actor: {} } }, structured)).not.toBeNull();
  const headers = Object.entries(messages[type]?.examples[0].headers ?? {}).filter(([header]) => header !== 'ce_id');
  expect(mistakesIn(Object.fromEntries(headers), `/components/messages/${type}/headers`)).not.toBeNull();
  // What an event names as its schema is found here by that name.
  expect(document.components.schemas).toMatchObject({ [type]: { $id: event.dataschema } });
});

it.each(Object.keys(notices) as NoticeName[])('describes exactly this notice, and no other one: %s', (name) => {
  const { type } = notices[name];
  const notice = noticeExampleOf(name);
  const payload = `/components/messages/${type}/payload`;
  const { subject, ...withoutSubject } = notice;
  expect(subject).toBe(notice.data.credentialId);
  expect(mistakesIn({ ...notice, type: ping.type }, payload)).not.toBeNull();
  expect(mistakesIn({ ...notice, data: { ...notice.data, accountId: 7 } }, payload)).not.toBeNull();
  expect(mistakesIn(withoutSubject, payload)).not.toBeNull();
  // What a notice names as its schema is found here by that name.
  expect(document.components.schemas).toMatchObject({ [type]: { $id: notice.dataschema } });
});

it('names each field in the example, so that a reader sees all of them', () => {
  /** Every name in a schema, and every name in a value, with the way to it. */
  const named = (value: unknown, at = ''): readonly string[] =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? []
      : Object.entries(value).flatMap(([name, each]) => [`${at}${name}`, ...named(each, `${at}${name}.`)]);
  const inSchema = ({ properties = {} }: { properties?: object }): object =>
    Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inSchema(each as object)]));
  for (const name of names) {
    const shown = named(exampleOf(name).data).toSorted();
    expect(shown).toEqual(named(inSchema(eventSchemas()[publicEvents[name].type] ?? {})).toSorted());
  }
});

it('has no name of what must not get out', () => {
  const hidden = /"(\w*(digest|masked|pepper|userAgent|issuer|vault|correlation|causation|commandId)\w*|ip)":/i;
  expect(JSON.stringify(document)).not.toMatch(hidden);
});
