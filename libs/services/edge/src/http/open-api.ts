import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { asyncApiDocument } from '@keyledger/contract';
import type { FastifyReply } from 'fastify';
import { EVENTS_STYLE, eventsPage } from './events-page.js';
import type { HttpRoute, HttpRouteHandler } from './http-door.js';

const access = { open: 'it says nothing of any account' } as const;

const fileRoute = (path: HttpRoute['path'], mediaType: string, bodyOf: () => string | Buffer): HttpRoute => {
  let body: string | Buffer | undefined;
  return {
    method: 'GET',
    path,
    access,
    handle: async (_request, reply) => {
      void reply.type(mediaType);
      return (body ??= bodyOf());
    },
  };
};

/** Scripts and styles are files of their own, so that the page runs under a policy that forbids all others. */
const page = (root: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Keyledger API</title>
    <link rel="icon" href="${root}docs/favicon-32x32.png">
    <link rel="stylesheet" href="${root}docs/swagger-ui.css">
  </head>
  <body>
    <p><a href="${root}docs/events">Events for other services</a></p>
    <div id="swagger-ui" data-document="${root}openapi.json"></div>
    <script src="${root}docs/swagger-ui-bundle.js"></script>
    <script src="${root}docs/start.js"></script>
  </body>
</html>
`;

/** Without the validator of the tool's makers, to which it would tell the address of the document. */
const START = `const place = document.getElementById('swagger-ui');
SwaggerUIBundle({ domNode: place, url: place.dataset.document, validatorUrl: null, deepLinking: true });
`;

const policyOf = (...allowed: readonly string[]): string =>
  ["default-src 'none'", ...allowed, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');

/** Of pages that run nothing. */
const STILL = policyOf("style-src 'self'", "img-src 'self'");

const SWAGGER = policyOf(
  ...["script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'"],
);

const html = (reply: FastifyReply, page: string, policy: string): string => {
  void reply.type('text/html; charset=utf-8').header('content-security-policy', policy);
  return page;
};

const pageRoute = (path: HttpRoute['path'], policy: string, pageOf: () => string): HttpRoute => {
  let page: string | undefined;
  return {
    method: 'GET',
    path,
    access,
    handle: async (_request, reply) => html(reply, (page ??= pageOf()), policy),
  };
};

/** Relative, as all links here. */
const links = {
  docs: 'docs',
  events: 'docs/events',
  openapi: 'openapi.json',
  asyncapi: 'asyncapi.json',
  live: 'health/live',
  ready: 'health/ready',
} as const;

const welcome = {
  name: 'Keyledger',
  description: 'Issues, lists and audits API credentials. The API begins at /v1.',
  links,
};

const WELCOME_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>${welcome.name}</title>
    <link rel="icon" href="docs/favicon-32x32.png">
  </head>
  <body>
    <h1>${welcome.name}</h1>
    <p>${welcome.description}</p>
    <ul>
${Object.entries(links)
  .map(([name, link]) => `      <li><a href="${link}">${name}</a></li>`)
  .join('\n')}
    </ul>
  </body>
</html>
`;

/**
 * What one finds at / who asks for nothing in particular: JSON, and in a browser `home` or else a page. Where the API
 * is shown to nobody there is `home` alone, or nothing.
 */
export const welcomeRoutes = (docs: boolean, home: string | undefined): readonly HttpRoute[] => {
  const handle: HttpRouteHandler = async ({ headers }, reply) => {
    void reply.header('vary', 'accept');
    const isBrowser = /\btext\/html\b/.test(headers.accept ?? '');
    if (home !== undefined && (isBrowser || !docs)) return reply.redirect(home);
    return isBrowser ? html(reply, WELCOME_PAGE, STILL) : welcome;
  };
  return docs || home !== undefined ? [{ method: 'GET', path: '/', access, handle }] : [];
};

const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const JSON_TYPE = 'application/json; charset=utf-8';

/** Of the whole product, whichever part of it this process serves: `npm run openapi` writes the file. */
const documentText = (): string => {
  const path = createRequire(import.meta.url).resolve('@keyledger/contract/openapi.json');
  return JSON.stringify(JSON.parse(readFileSync(path, 'utf8')));
};

/**
 * The API docs at /docs, the OpenAPI document at /openapi.json, and the public
 * events at /docs/events and /asyncapi.json. Exactly these files are served, by name: a folder that is served finds its
 * own ways to read paths, ranges and conditions.
 */
export const docsRoutes = (): readonly HttpRoute[] => {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return [
    // Relative, so that they work below the path of a gateway.
    pageRoute('/docs', SWAGGER, () => page('')),
    pageRoute('/docs/', SWAGGER, () => page('../')),
    pageRoute('/docs/events', STILL, eventsPage),
    fileRoute('/docs/events.css', 'text/css; charset=utf-8', () => EVENTS_STYLE),
    fileRoute('/docs/start.js', 'text/javascript; charset=utf-8', () => START),
    ...Object.entries(assets).map(([name, mediaType]) =>
      fileRoute(`/docs/${name}`, mediaType, () => readFileSync(join(folder, name))),
    ),
    fileRoute('/openapi.json', JSON_TYPE, documentText),
    fileRoute('/asyncapi.json', JSON_TYPE, () => JSON.stringify(asyncApiDocument())),
  ];
};
