import {
  createCredential,
  listAuditEvents,
  listCredentials,
  registerAccount,
  rotateCredential,
  updateCredential,
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

console.log(
  JSON.stringify({
    secret: created.secret,
    rotatedSecret: rotated.secret,
    listed: page.items.map(({ name, mode, versions }) => ({ name, mode, states: versions.map(({ state }) => state) })),
    trail: trail.items.map(({ action }) => action).reverse(),
    changes: trail.items.flatMap(({ changes }) => changes),
    refusal: error?.code,
  }),
);
