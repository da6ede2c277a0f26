import fc from 'fast-check';
import { readUrl, type UrlSettings } from '../src/index.js';
import { hostileUrls } from './hostile-urls.js';

const strict: UrlSettings = { allowLoopback: false, ports: [] };
const mistakeIn = (text: string, settings = strict): string | undefined => {
  const read = readUrl(text, settings);
  return 'mistake' in read ? read.mistake : undefined;
};

const hostile = Object.entries(hostileUrls).flatMap(([mistake, urls]) =>
  urls.map((url) => [url.replace('PORT', '8443'), mistake] as const),
);

it('knows many hostile URLs', () => expect(new Set(hostile.map(([url]) => url)).size).toBeGreaterThan(150));

it.each(hostile)('refuses %j: %s', (url, mistake) => {
  expect(mistakeIn(url)).toEqual(expect.stringMatching(new RegExp(`^${mistake.replace(/[.()]/g, '\\$&')}`)));
});

it.each([
  ['https://hooks.example.com', 'https://hooks.example.com/'],
  ['HTTPS://Hooks.Example.COM/Path?query=1', 'https://hooks.example.com/Path?query=1'],
  ['https://hooks.example.com:443/', 'https://hooks.example.com/'],
  ['https://hooks.example.com:8443/a/../b', 'https://hooks.example.com:8443/b'],
  ['https://hooks.example.com?a=b@c', 'https://hooks.example.com/?a=b@c'],
  ['https://_hooks.a-b.example.com/', 'https://_hooks.a-b.example.com/'],
  ['https://xn--bcher-kva.example/', 'https://xn--bcher-kva.example/'],
  ['https://corp.lan.example.com/', 'https://corp.lan.example.com/'],
  ['https://hooks.mycorp.example/', 'https://hooks.mycorp.example/'],
  ['https://93.184.215.14/', 'https://93.184.215.14/'],
  ['https://[2606:4700:4700::1111]:8443/', 'https://[2606:4700:4700::1111]:8443/'],
  [`https://hooks.example.com/${'a'.repeat(2_022)}`, `https://hooks.example.com/${'a'.repeat(2_022)}`],
])('takes %s', (text, href) => {
  expect(readUrl(text, strict)).toEqual({ url: new URL(href) });
});

it('takes further ports where they are set', () => {
  expect(mistakeIn('https://hooks.example.com:9443/', { ...strict, ports: [9_443] })).toBeUndefined();
  expect(mistakeIn('https://hooks.example.com:80/', { ...strict, ports: [9_443] })).toBe(
    'must have one of the ports 443, 8443, 9443',
  );
});

describe('where loopback is allowed', () => {
  const development = { ...strict, allowLoopback: true };

  it.each(['http://localhost:3000/', 'http://127.0.0.1/', 'https://127.8.8.8:22/', 'http://[::1]:3000/hooks'])(
    'takes %s',
    (text) => expect(mistakeIn(text, development)).toBeUndefined(),
  );

  it.each([
    'http://hooks.example.com/',
    'http://localhost.:3000/',
    'http://a.localhost:3000/',
    'http://0.0.0.0:3000/',
    'http://127.1:3000/',
    'http://[::ffff:7f00:1]:3000/',
    'http://user@localhost:3000/',
    'http://10.0.0.1/',
    'https://192.168.0.1/',
  ])('still refuses %s', (text) => expect(mistakeIn(text, development)).toMatch(/^must /));
});

it('shows no user and no password in what it says', () => {
  expect(mistakeIn('https://root:hunter2@hooks.example.com/')).toBe('must not hold a user or a password');
});

describe('of random texts', () => {
  const pieces = fc.constantFrom(
    ...[
      'https://',
      'http://',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '%2e',
      '%00',
      '.',
      '-',
      '_',
      '[',
      ']',
      '*',
      ',',
      ';',
    ],
    ...['hooks.example.com', '127.0.0.1', '8.8.8.8', '0x7f', '0177', '1', '::1', '::ffff:', '2130706433', 'localhost'],
    ...['internal', 'xn--', ':443', ':8443', ':80', 'user', ' ', '\t', '\n', 'é', '。', 'com'],
  );
  const texts = fc.array(pieces, { minLength: 1, maxLength: 7 }).map((parts) => `https://${parts.join('')}`);

  it('those that are taken name the host that is written, and hold nothing else', () => {
    const property = fc.property(texts, (text) => {
      const read = readUrl(text, strict);
      if ('mistake' in read) return;
      const { protocol, hostname, port, username, password, hash } = read.url;
      const authority = /^https:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d+))?(?=[/?]|$)/.exec(text);
      expect([protocol, authority?.[1], username, password, hash]).toEqual(['https:', hostname, '', '', '']);
      expect(['', '8443']).toContain(port);
      expect(mistakeIn(`https://${hostname}/`)).toBeUndefined();
    });
    fc.assert(property, { numRuns: 50_000 });
  });
});
