import createClient from 'openapi-fetch';
import type { components, paths } from './generated.js';

type Problem = components['schemas']['Problem'];

const { KEYLEDGER_URL = '', KEYLEDGER_TOKEN = '' } = process.env;
const client = createClient<paths>({ baseUrl: KEYLEDGER_URL, headers: { authorization: `Bearer ${KEYLEDGER_TOKEN}` } });

/** The data of what must succeed. */
const done = <T>({ data, error }: { data?: T; error?: Problem }): T => {
  if (data === undefined) throw new Error(`${error?.code}: ${error?.detail}`);
  return data;
};

const { account } = done(await client.POST('/v1/accounts', { body: { name: 'Acme Ltd' } }));
const { accountId } = account;
const inAccount = { params: { path: { accountId } } };
const created = done(
  await client.POST('/v1/accounts/{accountId}/credentials', {
    params: { ...inAccount.params, header: { 'Idempotency-Key': crypto.randomUUID() } },
    body: { type: 'client_credentials', name: 'billing-service' },
  }),
);
const { credentialId } = created.credential;
const rotated = done(
  await client.POST('/v1/accounts/{accountId}/credentials/{credentialId}/rotate', {
    params: { path: { accountId, credentialId } },
    body: { overlapSeconds: 3600 },
  }),
);
const { position: minPosition } = done(
  await client.PATCH('/v1/accounts/{accountId}/credentials/{credentialId}', {
    params: { path: { accountId, credentialId } },
    body: { scopes: ['invoices:read'] },
  }),
);
const { items } = done(
  await client.GET('/v1/accounts/{accountId}/credentials', {
    params: { ...inAccount.params, query: { status: 'active', sort: '-createdAt', minPosition } },
  }),
);
const trail = done(
  await client.GET('/v1/accounts/{accountId}/audit', { params: { ...inAccount.params, query: { minPosition } } }),
);
const { error } = await client.POST('/v1/accounts/{accountId}/credentials', {
  ...inAccount,
  body: { type: 'client_credentials', name: 'billing-service' },
});

const { clientId, clientSecret } = rotated.secret;
const question = { clientId, clientSecret, ip: '192.0.2.7', scopes: ['invoices:read'], minPosition };
const ask = async (asked: components['schemas']['VerifyInput']) =>
  done(await client.POST('/v1/verify', { body: asked }));
const verdict = await ask(question);
const lacking = await ask({ ...question, scopes: ['invoices:write'] });
const revoked = done(
  await client.POST('/v1/accounts/{accountId}/credentials/{credentialId}/revoke', {
    params: { path: { accountId, credentialId } },
    body: { reason: 'done' },
  }),
);
const after = await ask({ ...question, minPosition: revoked.position });

console.log(
  JSON.stringify({
    secret: created.secret,
    rotatedSecret: rotated.secret,
    listed: items.map(({ name, mode, versions }) => ({ name, mode, states: versions.map(({ state }) => state) })),
    trail: trail.items.map(({ action }) => action).reverse(),
    changes: trail.items.flatMap(({ changes }) => changes),
    refusal: error?.code,
    verdicts: [verdict, lacking, after].map(({ code }) => code),
  }),
);
