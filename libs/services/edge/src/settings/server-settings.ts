import { isIP } from 'node:net';
import { matching, oneOf, optional, trueOrFalse, wholeNumber, type Setting } from './setting.js';

const isBlock = (text: string): boolean => {
  const [address = '', length, ...rest] = text.split('/');
  const longest = isIP(address) === 4 ? 32 : 128;
  const fits = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= longest);
  return isIP(address) !== 0 && !address.includes('%') && fits && rest.length === 0;
};

const addressBlocks = (text: string): readonly string[] | undefined => {
  const blocks = text.split(',').map((block) => block.trim());
  if (text === '') return Object.freeze([]);
  return blocks.every(isBlock) ? Object.freeze(blocks) : undefined;
};

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Doors and what is told of them. */
export const serverSettings = {
  host: {
    name: 'KEYLEDGER_HOST',
    default: '127.0.0.1',
    description: 'Address that both doors listen on. `0.0.0.0` for all IPv4 addresses of the machine, `::` for all.',
    expected: 'a host name or an IP address',
    read: matching(/^[\w.:-]{1,255}$/),
  },
  httpPort: {
    name: 'KEYLEDGER_HTTP_PORT',
    default: '3000',
    description: 'Port of the HTTP door; 0 takes any free one.',
    expected: 'a whole number from 0 to 65535',
    read: wholeNumber(0, 65_535),
  },
  grpcPort: {
    name: 'KEYLEDGER_GRPC_PORT',
    default: '50051',
    description: 'Port of the gRPC door; 0 takes any free one.',
    expected: 'a whole number from 0 to 65535',
    read: wholeNumber(0, 65_535),
  },
  trustedProxies: {
    name: 'KEYLEDGER_TRUSTED_PROXIES',
    default: '',
    description:
      'Proxies whose `X-Forwarded-For` and `Forwarded` say who asks: addresses and CIDR blocks, joined by commas.',
    expected: 'a list of IP addresses and CIDR blocks, joined by commas',
    read: addressBlocks,
  },
  trustedGateways: {
    name: 'KEYLEDGER_TRUSTED_GATEWAYS',
    default: '',
    description:
      'Gateways that need no token at `/v1/forward-auth`, `/oauth2/introspect` and `ext_authz`: addresses and CIDR ' +
      'blocks, joined by commas. The address of the connection counts, never a header. They are told of all accounts.',
    expected: 'a list of IP addresses and CIDR blocks, joined by commas',
    read: addressBlocks,
  },
  logLevel: {
    name: 'KEYLEDGER_LOG_LEVEL',
    default: 'info',
    description: 'Least level that is logged; at `debug` every request is.',
    expected: `one of ${logLevels.join(', ')}`,
    read: oneOf(logLevels),
  },
  docs: {
    name: 'KEYLEDGER_DOCS',
    default: 'true',
    description:
      'With `false` nobody is shown the API: no `/`, `/docs`, `/openapi.json`, `/asyncapi.json`, and no reflection.',
    expected: 'true or false',
    read: trueOrFalse,
  },
  metricsToken: {
    name: 'KEYLEDGER_METRICS_TOKEN',
    default: '',
    description:
      'Bearer token for `GET /metrics`, and for details in `GET /health/ready`: 16 to 255 visible ASCII characters. ' +
      'Unset: metrics on this machine only.',
    expected: '16 to 255 visible ASCII characters',
    secret: true,
    read: optional(matching(/^[!-~]{16,255}$/)),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
