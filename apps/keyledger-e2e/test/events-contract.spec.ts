import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  exampleOf,
  noticeExampleOf,
  notices,
  ping,
  pingExample,
  publicEvents,
  type NoticeName,
  type PublicEventName,
} from '@keyledger/contract';
import { sharedServer } from './harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = join(root, 'libs/contract/asyncapi.json');

const visit = sharedServer();
afterAll(() => visit.close());

it('is made anew with every change: the document, and its parts of the pages in docs', async () => {
  await run(process.execPath, ['tools/events.mjs', '--check'], { cwd: root });
});

it('is a document that redocly finds no error in', async () => {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NODE_OPTIONS: '' };
  const { stderr } = await run(join(root, 'node_modules/.bin/redocly'), ['lint', file, '--extends=recommended'], {
    env,
  });
  expect(stderr).toContain('Your API description is valid.');
});

it('is shown to programs at /asyncapi.json', async () => {
  const { status, headers, body } = await visit.http.get('/asyncapi.json');
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(body).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});

describe('the page at /docs/events', () => {
  let page: string;
  let policy: string;
  beforeAll(async () => {
    const { text, headers } = await visit.http.get('/docs/events');
    page = text;
    policy = headers.get('content-security-policy') ?? '';
  });

  /** The text that a browser shows. */
  const shown = (html: string): string =>
    html
      .replace(/<[^>]*>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');

  it('runs nothing, loads nothing but our own files, and is in no frame', () => {
    expect(policy.split('; ')).toEqual([
      ...["default-src 'none'", "style-src 'self'", "img-src 'self'"],
      ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ]);
    expect(page).not.toMatch(/<script|<style|style=| on\w+=|(?:src|href)="?https?:/);
  });

  it('fits a phone and the colours of its reader', async () => {
    expect(page).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    const { text, headers } = await visit.http.get('/docs/events.css');
    expect(headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(text).toContain('color-scheme: light dark');
  });

  it('has links that lead somewhere', async () => {
    const links = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = '']) => link);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => `#${id}`);
    expect(links.filter((link) => link.startsWith('#') && !ids.includes(link))).toEqual([]);
    for (const link of new Set(links.filter((each) => !each.startsWith('#')))) {
      const { pathname } = new URL(link, 'http://localhost/docs/events');
      expect([link, (await visit.http.get(pathname)).status]).toEqual([link, 200]);
    }
  });

  const shownTypes = [
    ...(Object.keys(publicEvents) as PublicEventName[]).map((name) => ({
      ...publicEvents[name],
      example: exampleOf(name).data,
    })),
    ...(Object.keys(notices) as NoticeName[]).map((name) => ({
      ...notices[name],
      example: noticeExampleOf(name).data,
    })),
    { ...ping, example: pingExample },
  ];

  it.each(shownTypes)(
    'shows what $type means, all it holds, and an example',
    ({ type, description, data, example }) => {
      const [, section = ''] = page.split(`<section id="${type}">`);
      const text = shown(section.split('</section>')[0] ?? '');
      expect(text).toContain(type);
      expect(text).toContain(description);
      for (const field of Object.keys(data.properties)) expect(text).toMatch(new RegExp(`\\b${field}\\b`));
      const shownExample = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
      expect(JSON.parse(shownExample)).toEqual(example);
    },
  );
});
