import {
  asyncApiDocument,
  attributes,
  exampleOf,
  noticeExampleOf,
  notices,
  ping,
  pingExample,
  publicEvents,
  type NoticeName,
  type PublicEventName,
} from '@keyledger/contract';
import type { ObjectSchema } from '@keyledger/contract';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);

/** What our descriptions have between backticks is code. */
const prose = (text = ''): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const words: Readonly<Record<string, string>> = {
  array: 'list of texts',
  boolean: 'true, false',
  integer: 'whole number',
  string: 'text',
};

interface Leaf {
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | null)[];
  readonly format?: string;
}

/** A form in words. */
const formOf = ({ type = [], enum: values, format }: Leaf): string => {
  if (values !== undefined) return values.map((each) => each ?? 'null').join(', ');
  const kinds = typeof type === 'string' ? [type] : type;
  return kinds.map((kind) => (kind === 'string' && format !== undefined ? 'time' : (words[kind] ?? kind))).join(', ');
};

interface Row {
  readonly path: string;
  readonly form: string;
  readonly description: string | undefined;
}

/** Every field that holds a value, with the way to it. */
const rowsOf = ({ properties, required }: ObjectSchema, at = '', mayBeAbsent = false): readonly Row[] =>
  Object.entries(properties).flatMap(([name, schema]): readonly Row[] => {
    const path = `${at}${name}`;
    const absent = mayBeAbsent || !required.includes(name);
    if ('properties' in schema) return rowsOf(schema, `${path}.`, absent);
    return [{ path, form: `${formOf(schema)}${absent ? '; may be absent' : ''}`, description: schema.description }];
  });

const table = (schema: ObjectSchema): string => {
  const rows = rowsOf(schema).map(
    ({ path, form, description }) =>
      `<tr><td><code>${escaped(path)}</code><td>${escaped(form)}<td>${prose(description)}`,
  );
  return `<table>\n<thead><tr><th>Field<th>Form<th>Says\n<tbody>\n${rows.join('\n')}\n</table>`;
};

const json = (value: object): string => `<pre><code>${escaped(JSON.stringify(value, null, 2))}</code></pre>`;

interface Described {
  readonly type: string;
  readonly description: string;
  readonly data: ObjectSchema;
}

const section = ({ type, description, data }: Described, example: object): string => `<section id="${type}">
<h2><a href="#${type}">${type}</a></h2>
<p>${prose(description)}</p>
${table(data)}
${json(example)}
</section>`;

const contentsOf = (described: Readonly<Record<string, Described>>): string =>
  Object.values(described)
    .map(({ type }) => `<li><a href="#${type}">${type}</a>`)
    .join('\n');

const eventNames = Object.keys(publicEvents) as PublicEventName[];
const noticeNames = Object.keys(notices) as NoticeName[];

interface Channel {
  readonly title: string;
  readonly address?: string;
  readonly description: string;
}

const channelSection = ({ title, address, description }: Channel): string =>
  `<h2>${title}${address === undefined ? '' : `: <code>${address}</code>`}</h2>\n<p>${prose(description)}</p>`;

/** Every public event for people: what the AsyncAPI document says, without a script. */
export const eventsPage = (): string => {
  const { info, channels, operations } = asyncApiDocument();
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="events.css">
</head>
<body>
<h1>${info.title}</h1>
<p>${prose(info.description)}</p>
<p>The same for programs: <a href="../asyncapi.json">asyncapi.json</a> (AsyncAPI 3, JSON Schema 2020-12).
The routes: <a href="../docs">API</a>.</p>
${Object.values<Channel>(channels).map(channelSection).join('\n')}
${table(operations.feed.bindings.http.query)}
<h2>Every event</h2>
<p>These are the attributes of CloudEvents. In Kafka each is a header that begins with <code>ce_</code>, but
<code>datacontenttype</code>, which is <code>content-type</code>.</p>
${table(attributes)}
${json(exampleOf('CredentialRevoked'))}
<h2>The types</h2>
<nav><ul>
${contentsOf({ ...publicEvents, ...notices, ping })}
</ul></nav>
${eventNames.map((name) => section(publicEvents[name], exampleOf(name).data)).join('\n')}
<h2>Only in webhooks</h2>
<p>Notices are CloudEvents without <code>sequence</code> and <code>position</code>, for they are no events of the log.
The ping is plain JSON, and shown whole.</p>
${noticeNames.map((name) => section(notices[name], noticeExampleOf(name).data)).join('\n')}
${section(ping, pingExample)}
</body>
</html>
`;
};

/** In the colours of the reader's system, light or dark. */
export const EVENTS_STYLE = `:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; font-size: 1.25rem; }
section h2 a { color: inherit; text-decoration: none; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid rgb(127 127 127 / 0.4); }
th, td { text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
td:first-child code { overflow-wrap: normal; white-space: nowrap; }
pre { padding: 0.75rem; border-radius: 0.25rem; background: rgb(127 127 127 / 0.15); white-space: pre-wrap; }
@media (max-width: 45rem) {
  thead { display: none; }
  td { display: block; padding: 0; border: 0; }
  td:first-child { padding-top: 0.5rem; }
  td:first-child code { font-weight: bold; white-space: normal; overflow-wrap: anywhere; }
  td:last-child { padding-bottom: 0.5rem; border-bottom: 1px solid rgb(127 127 127 / 0.4); }
}
`;
