import {
  createCredential,
  listAuditEvents,
  listCredentials,
  registerAccount,
  revokeCredential,
  rotateCredential,
  updateCredential,
  verify,
} from './generated/index.js';
import { client } from './generated/client.gen.js';

const { KEYLEDGER_URL = '', KEYLEDGER_TOKEN = '' } = process.env;
client.setConfig({ baseUrl: KEYLEDGER_URL, auth: KEYLEDGER_TOKEN });

const throwing = { throwOnError: true } as const;

const { account } = (await registerAccount({ ...throwing, body: { name: 'Acme Ltd' } })).data;
const { accountId } = account;
const path = { accountId };
const { data: created } = await createCredential({
  ...throwing,
  path,
  headers: { 'Idempotency-Key': crypto.randomUUID() },
  body: { type: 'client_credentials', name: 'billing-service' },
});
const ofCredential = { accountId, credentialId: created.credential.credentialId };
const { data: rotated } = await rotateCredential({ ...throwing, path: ofCredential, body: { overlapSeconds: 3600 } });
const { data: changed } = await updateCredential({
  ...throwing,
  path: ofCredential,
  body: { scopes: ['invoices:read'] },
});
const minPosition = changed.position;
const { data: page } = await listCredentials({
  ...throwing,
  path,
  query: { status: 'active', sort: '-createdAt', minPosition },
});
const { data: trail } = await listAuditEvents({ ...throwing, path, query: { minPosition } });
const { error } = await createCredential({ path, body: { type: 'client_credentials', name: 'billing-service' } });

const { clientId, clientSecret } = rotated.secret;
const question = { clientId, clientSecret, ip: '192.0.2.7', scopes: ['invoices:read'], minPosition };
const { data: verdict } = await verify({ ...throwing, body: question });
const { data: lacking } = await verify({ ...throwing, body: { ...question, scopes: ['invoices:write'] } });
const { data: revoked } = await revokeCredential({ ...throwing, path: ofCredential, body: { reason: 'done' } });
const { data: after } = await verify({ ...throwing, body: { ...question, minPosition: revoked.position } });

console.log(
  JSON.stringify({
    secret: created.secret,
    rotatedSecret: rotated.secret,
    listed: page.items.map(({ name, mode, versions }) => ({ name, mode, states: versions.map(({ state }) => state) })),
    trail: trail.items.map(({ action }) => action).reverse(),
    changes: trail.items.flatMap(({ changes }) => changes),
    refusal: error?.code,
    verdicts: [verdict, lacking, after].map(({ code }) => code),
  }),
);
