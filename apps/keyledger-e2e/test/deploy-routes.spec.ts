import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { routes } from './harness/routes.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const gateway = read('deploy/gateway.conf');

describe('deploy/gateway.conf', () => {
  /** As nginx reads the map: the first pattern that matches, else the default. */
  const mapOf = (variable: string): ((key: string) => string) => {
    const [, body = ''] = new RegExp(`^ {2}map .* \\$${variable} \\{\\n([^]*?)^ {2}\\}`, 'm').exec(gateway) ?? [];
    const rules = body
      .trim()
      .split('\n')
      .map((line) => /^ *"?(.*?)"? ([\w-]+);$/.exec(line)?.slice(1) ?? [])
      .map(([pattern = '', service = '']) => ({ pattern, service }));
    const fallback = rules.find(({ pattern }) => pattern === 'default')?.service ?? '';
    return (key) =>
      rules.find(({ pattern }) => pattern.startsWith('~') && new RegExp(pattern.slice(1)).test(key))?.service ??
      fallback;
  };

  /** The operations as the code of each slice declares them. */
  const declared = (slice: string): readonly { readonly http?: string; readonly rpc?: string }[] => {
    const folder = `libs/services/${slice}/src`;
    const code = readdirSync(join(root, folder), { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => read(`${folder}/${name}`))
      .join('\n');
    const onCredential = 'v1/accounts/:accountId/credentials/:credentialId';
    const values = (key: string): readonly string[] =>
      [...code.matchAll(new RegExp(`^ +${key}: ['\`](.*)['\`],$`, 'gm'))].map(([, text = '']) =>
        text.replace('${onCredential}', onCredential),
      );
    return [...values('http').map((http) => ({ http })), ...values('rpc').map((rpc) => ({ rpc }))];
  };

  const slices = {
    issuing: 'command-service',
    listing: 'listing-service',
    audit: 'audit-service',
    webhooks: 'webhook-service',
  };
  const operations = Object.entries(slices).flatMap(([slice, service]) =>
    declared(slice).map((operation) => ({ ...operation, service })),
  );

  it('sends every operation to the service that serves it', () => {
    const apiService = mapOf('api_service');
    const rpcService = mapOf('rpc_service');
    const sent = operations.map(({ http, rpc }) => ({
      ...(http === undefined ? { rpc } : { http }),
      service: http === undefined ? rpcService(`/keyledger.v1.${rpc}`) : apiService(http),
    }));
    expect(sent).toEqual(operations);
    expect(operations.filter(({ rpc }) => rpc !== undefined)).toHaveLength(Object.keys(routes).length);
  });

  it('sends what asks for a verdict to the verification service', () => {
    const apiService = mapOf('api_service');
    const paths = ['/v1/verify', '/v1/verify/batch', '/v1/forward-auth', '/oauth2/introspect'];
    const services = ['GET', 'POST', 'PROPFIND'].flatMap((method) =>
      paths.map((path) => apiService(`${method} ${path}`)),
    );
    expect(new Set(services)).toEqual(new Set(['verification-service']));
    expect(gateway).toContain('location = /oauth2/introspect {\n      proxy_pass http://$api_service:3000;');
    const rpcService = mapOf('rpc_service');
    const rpcs = ['/keyledger.v1.VerificationService/VerifyStream', '/envoy.service.auth.v3.Authorization/Check'];
    expect(rpcs.map(rpcService)).toEqual(['verification-service', 'verification-service']);
  });

  it('sends subscribers to the event publisher', () => {
    expect(['GET', 'HEAD', 'POST'].map((method) => mapOf('api_service')(`${method} /v1/events`))).toEqual(
      Array<string>(3).fill('event-publisher'),
    );
    expect(mapOf('rpc_service')('/keyledger.v1.EventService/Subscribe')).toBe('event-publisher');
  });

  it('sends a read of any kind elsewhere than a write', () => {
    const apiService = mapOf('api_service');
    expect(['GET', 'HEAD', 'POST', 'DELETE'].map((method) => apiService(`${method} /v1/accounts`))).toEqual([
      ...['listing-service', 'listing-service', 'command-service', 'command-service'],
    ]);
  });

  it('answers gRPC in the words of gRPC, also where it fails itself', () => {
    const door = gateway.slice(gateway.indexOf('listen 50051'));
    const pages = [...door.matchAll(/^ +error_page .* =200 (\/\w+);$/gm)].map(([, page = '']) => page);
    expect(pages).toHaveLength(4);
    for (const page of pages) {
      const [, location = ''] = new RegExp(`location = ${page} \\{([^}]*)\\}`).exec(door) ?? [];
      expect(location).toMatch(/internal;\s+default_type application\/grpc;\s+add_header grpc-status \d+ always;/);
    }
  });

  it('shows the one description of the API, whichever service it comes from', () => {
    const [, pattern = ''] = /location ~ (\^\/\(docs\S+) \{\n +set \$describing [\w-]+-service;/.exec(gateway) ?? [];
    const paths = ['/docs', '/docs/', '/docs/swagger-ui.css', '/docs/events', '/openapi.json', '/asyncapi.json'];
    const shown = [...paths, '/docs-of-toys', '/metrics'].filter((path) => new RegExp(pattern).test(path));
    expect(shown).toEqual(paths);
  });

  it('sends people to the console', () => {
    const [, pattern = ''] = /location ~ (\^\/console\S+) \{\n +set \$showing console-service;/.exec(gateway) ?? [];
    const paths = ['/console', '/console/', '/console/assets/index.js', '/console/session'];
    expect([...paths, '/consoles'].filter((path) => new RegExp(pattern).test(path))).toEqual(paths);
  });

  it('lets no metrics out', () => {
    const locations = [...gateway.matchAll(/^ +location (.*) \{$/gm)].map(([, location = '']) => location);
    expect(locations).toContain('/v1/');
    expect(locations.filter((location) => location.includes('metrics'))).toEqual([]);
    expect(gateway).toMatch(/location \/ \{\n +return 404;/);
  });
});
