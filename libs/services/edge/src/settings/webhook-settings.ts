import { optional, trueOrFalse, wholeNumber, type Rule, type Setting, type ValuesOf } from './setting.js';

const MOST_PORTS = 50;

const aPort = wholeNumber(1, 65_535);

const listOfPorts = (text: string): readonly number[] | undefined => {
  const ports = text === '' ? [] : text.split(',').map((part) => aPort(part.trim()));
  return ports.length <= MOST_PORTS && ports.every((port) => port !== undefined) ? Object.freeze(ports) : undefined;
};

const MOST_DAYS = 3_650;
const aDay = wholeNumber(1, MOST_DAYS);

const listOfDays = (text: string): readonly number[] | undefined => {
  const days = text === 'off' ? [] : text.split(',').map((part) => aDay(part.trim()));
  return days.every((day) => day !== undefined) ? Object.freeze([...new Set(days)]) : undefined;
};

/** No path, no query: a proxy is a host and a port, and at most who asks it. */
const proxyUrl = (text: string): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || /[\s\\?#]/.test(text)) return undefined;
  return url.pathname === '/' ? text : undefined;
};

/** Where webhooks may be sent to, and on which way. */
export const webhookSettings = {
  webhookAllowLoopback: {
    name: 'KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK',
    default: 'false',
    description:
      'For development: with `true` webhooks may be sent to `localhost`, 127.0.0.0/8 and `[::1]`, by http too and to ' +
      'any port.',
    expected: 'true or false',
    read: trueOrFalse,
  },
  webhookPorts: {
    name: 'KEYLEDGER_WEBHOOK_PORTS',
    default: '',
    description: 'Ports that webhooks may be sent to, besides 443 and 8443: numbers with commas between.',
    expected: `up to ${MOST_PORTS} ports of 1 to 65535, with commas between`,
    read: listOfPorts,
  },
  webhookProxy: {
    name: 'KEYLEDGER_WEBHOOK_PROXY',
    default: '',
    description:
      'Proxy that all webhooks are sent through with CONNECT, as in `http://user:password@proxy.internal:3128`. It is ' +
      'asked for addresses that Keyledger has checked, never for names.',
    expected: 'an http or https URL of a host and a port, without path',
    secret: true,
    read: optional(proxyUrl),
  },
  webhookExpiryDays: {
    name: 'KEYLEDGER_WEBHOOK_EXPIRY_DAYS',
    default: '30,14,7,1',
    description: 'So many days before a credential ends webhooks tell of it: numbers with commas between, or `off`.',
    expected: `whole numbers of 1 to ${MOST_DAYS}, with commas between, or off`,
    read: listOfDays,
  },
  webhookRetentionDays: {
    name: 'KEYLEDGER_WEBHOOK_RETENTION_DAYS',
    default: '30',
    description: 'Messages of webhooks, with their attempts and counts, are kept for so many days.',
    expected: 'a whole number of 1 to 3650',
    read: wholeNumber(1, 3_650),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

export const rulesOfWebhooks = (
  { webhookAllowLoopback }: Partial<ValuesOf<typeof webhookSettings>>,
  env: NodeJS.ProcessEnv,
): readonly Rule[] => [
  [
    webhookAllowLoopback === true && env['NODE_ENV']?.trim().toLowerCase() === 'production',
    // Customers name the addresses: they would reach what listens on this machine for nobody else.
    'KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK must not be true with NODE_ENV=production',
  ],
];
