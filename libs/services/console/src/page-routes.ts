import { randomBytes } from 'node:crypto';
import { notFound, type Config, type HttpRoute } from '@keyledger/edge';
import { formFor, type BuiltConsole } from './files.js';

const access = { open: 'a page without data: what it shows is asked for with a token' } as const;

const A_YEAR = 'public, max-age=31536000, immutable';

/** What the page itself may do: run our scripts, and ask us and the issuer that people sign in with. */
const policyFor = (nonce: string, issuer: string | null): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${issuer === null ? '' : ` ${new URL(issuer).origin}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

const headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), clipboard-read=(), clipboard-write=(self)',
};

/** Of the page as it was built. */
const NONCE_PLACE = '__NONCE__';

/** How people sign in, and where their tokens say what they may do. */
const signIn = (config: Config): object => {
  const { oidcIssuer: issuer, consoleClientId: clientId, consoleScope: scope, oidcAudience: audience } = config;
  const { rolesClaim, accountsClaim, localIssuer } = config;
  const claims = { rolesClaim, accountsClaim };
  if (issuer !== null && clientId !== null) return { signIn: 'oidc', issuer, clientId, scope, audience, ...claims };
  return { signIn: localIssuer ? 'link' : 'none', ...claims };
};

const assetRoute = ({ assets }: BuiltConsole): HttpRoute => ({
  method: 'GET',
  path: '/console/assets/:name',
  access,
  handle: async ({ params, headers: asked }, reply) => {
    const file = assets.get((params as { readonly name: string }).name);
    if (file === undefined) throw notFound();
    const { coding, bytes } = formFor(file, asked['accept-encoding']);
    void reply.headers({ ...headers, 'cache-control': A_YEAR, vary: 'accept-encoding' }).type(file.mediaType);
    if (coding !== undefined) void reply.header('content-encoding', coding);
    return bytes;
  },
});

/** Every path below /console is a place in the page. */
const pageRoute = (path: HttpRoute['path'], { page }: BuiltConsole, issuer: string | null): HttpRoute => ({
  method: 'GET',
  path,
  access,
  handle: async (_request, reply) => {
    const nonce = randomBytes(16).toString('base64');
    const policy = { 'content-security-policy': policyFor(nonce, issuer), 'cache-control': 'no-store' };
    void reply.headers({ ...headers, ...policy }).type('text/html; charset=utf-8');
    return page.replaceAll(NONCE_PLACE, nonce);
  },
});

const redirectRoute: HttpRoute = {
  method: 'GET',
  path: '/console',
  access,
  handle: async (_request, reply) => reply.redirect('/console/'),
};

export const pageRoutes = (built: BuiltConsole, config: Config): readonly HttpRoute[] => {
  const issuer = config.consoleClientId === null ? null : config.oidcIssuer;
  const settings: HttpRoute = {
    method: 'GET',
    path: '/console/config.json',
    access,
    handle: async (_request, reply) => {
      void reply.header('cache-control', 'no-store');
      return signIn(config);
    },
  };
  return [
    pageRoute('/console/', built, issuer),
    redirectRoute,
    settings,
    assetRoute(built),
    pageRoute('/console/*', built, issuer),
  ];
};
