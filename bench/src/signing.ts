import { alternate, compare } from './alternate.js';
import { startBenchProcess } from './bench-process.js';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Cluster } from './installation.js';
import type { ReferenceAddresses } from './reference-server.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { VerifyLoad } from './verify-load.js';

/** As much as an event of ours has. */
const payload = JSON.stringify({ type: 'invoice.paid', data: { id: 'inv_018f3c5e', note: 'x'.repeat(420) } });

const post = async (connection: HttpConnection, path: string, token: string, body: object): Promise<unknown> => {
  const { status, body: text } = await connection.request(
    requestText(`POST ${path}` as `POST /${string}`, token, body),
  );
  if (status !== 201) throw new Error(`A creation was answered with ${status}: ${text}`);
  return JSON.parse(text);
};

/** Ids of new accounts, each with a webhook signer. */
const accountsWithSigners = async ({ url, token }: ServerProcess, count: number): Promise<readonly string[]> => {
  const connection = await HttpConnection.open(url);
  const accountIds: string[] = [];
  while (accountIds.length < count) {
    const created = await post(connection, '/v1/accounts', token, { name: 'Benchmark' });
    const { accountId } = (created as { account: { accountId: string } }).account;
    await post(connection, `/v1/accounts/${accountId}/credentials`, token, { type: 'api_secret' });
    accountIds.push(accountId);
  }
  connection.close();
  return accountIds;
};

const isSigned = (body: string): boolean => body.startsWith('{"headers":');

/** Signatures over HTTP beside a bare route that makes one: the same client, connections, requests and answers. */
export const benchSigning = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('signing');
  const { profileDir } = report;
  const command = await startServerProcess({ program: 'command-service', installation, profileDir: null });
  const accountIds = await accountsWithSigners(command, sizes.accounts);
  await command.stop();
  const server = await startServerProcess({ program: 'webhook-service', installation, profileDir });
  const texts = accountIds.map((accountId) =>
    requestText(`POST /v1/accounts/${accountId}/webhooks/sign`, server.token, { payload }),
  );
  const sign = await VerifyLoad.open(server.url, texts, isSigned);
  const json = await sign.sample();
  const reference = await startBenchProcess<ReferenceAddresses>('reference-server', { json, message: {} });
  const bare = await VerifyLoad.open(reference.said.url, texts, isSigned);
  try {
    const rounds = await alternate(
      {
        bare: { pid: reference.pid, run: (ms: number) => bare.run(ms) },
        sign: { pid: server.pid, run: (ms: number) => sign.run(ms) },
      },
      sizes,
    );
    const what = `sign a webhook over HTTP, 64 connections, ${accountIds.length} accounts`;
    compare(report, rounds.sign, rounds.bare, { what, reference: 'Fastify with one HMAC', atLeast: 0.7 });
  } finally {
    for (const load of [sign, bare]) load.close();
    await reference.stop();
    await server.stop();
  }
};
