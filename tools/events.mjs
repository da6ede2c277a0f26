// Writes what is made of the public events and notices: libs/contract/asyncapi.json, and their parts of docs/events.md
// and docs/webhooks.md.
//
//   node tools/events.mjs [--check] [--release]
//
// With --check nothing is written: it ends with 1 if a file says something else. With --release it also writes the
// schemas that later versions are held to: libs/contract/released-events.json.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  asyncApiDocument,
  attributes,
  eventSchemas,
  exampleOf,
  noticeExampleOf,
  notices,
  noticeSchemas,
  ping,
  pingExample,
  publicEvents,
} from '@keyledger/contract';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('..', import.meta.url));
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

const table = (titles, rows) =>
  [titles, titles.map(() => '-'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const attributeTable = () =>
  table(
    ['Attribute', 'Header in Kafka', 'Holds'],
    Object.entries(attributes.properties).map(([name, { description }]) => [
      `\`${name}\``,
      name === 'datacontenttype' ? '`content-type`' : `\`ce_${name}\``,
      description,
    ]),
  );

const section = ({ type, description }, example) =>
  `<details>\n<summary><code>${type}</code> ${description}</summary>\n\n\`\`\`json\n${json(example)}\`\`\`\n\n</details>`;

/** What stands in a page between a comment that begins the part, and one that ends it. */
const ofEvents = {
  attributes: attributeTable(),
  example: `\`\`\`json\n${json(exampleOf('CredentialRevoked'))}\`\`\``,
  types: Object.entries(publicEvents)
    .map(([name, event]) => section(event, exampleOf(name).data))
    .join('\n\n'),
};
const ofWebhooks = {
  notices: [
    ...Object.entries(notices).map(([name, notice]) => section(notice, noticeExampleOf(name))),
    section(ping, pingExample),
  ].join('\n\n'),
};

const page = async (path, parts) => {
  const before = await readFile(path, 'utf8');
  const after = Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- ${name}: npm run asyncapi -->`, `<!-- end of ${name} -->`];
    const [head, rest] = text.split(begin);
    const [, tail] = rest?.split(end) ?? [];
    if (tail === undefined) throw new Error(`${path} has no place for "${name}".`);
    return `${head}${begin}\n\n${part}\n\n${end}${tail}`;
  }, before);
  return format(after, { ...(await resolveConfig(path)), filepath: path });
};

const { values } = parseArgs({ options: { check: { type: 'boolean' }, release: { type: 'boolean' } } });
const released = `${root}libs/contract/released-events.json`;
const schemas = json({ attributes, ...eventSchemas(), ...noticeSchemas() });
const files = new Map([
  [`${root}libs/contract/asyncapi.json`, json(asyncApiDocument())],
  [`${root}docs/events.md`, await page(`${root}docs/events.md`, ofEvents)],
  [`${root}docs/webhooks.md`, await page(`${root}docs/webhooks.md`, ofWebhooks)],
  ...(values.release
    ? [[released, await format(schemas, { ...(await resolveConfig(released)), filepath: released })]]
    : []),
]);
for (const [path, text] of files) {
  if (!values.check) await writeFile(path, text);
  else if ((await readFile(path, 'utf8')) !== text) {
    process.stderr.write(`${path} is not what the code says. Run npm run asyncapi.\n`);
    process.exitCode = 1;
  }
}
