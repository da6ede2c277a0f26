import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { say, taskOf } from './bench-process.js';

/** What has come since the last report. */
export interface Arrivals {
  readonly count: number;
  /** Between the first and the last of them. */
  readonly elapsedMs: number;
  /** From the time in the body to the arrival of each. */
  readonly delaysMs: readonly number[];
}

export interface ReceiverAddress {
  readonly url: string;
}

await taskOf();
let [count, firstMs, lastMs] = [0, 0, 0];
let delaysMs: number[] = [];

const arrived = (body: string): void => {
  lastMs = performance.now();
  if (count === 0) firstMs = lastMs;
  count += 1;
  delaysMs.push(Date.now() - Number(/"atMs":(\d+)/.exec(body)?.[1]));
};

const report = (): Arrivals => {
  const arrivals = { count, elapsedMs: lastMs - firstMs, delaysMs };
  [count, firstMs, lastMs, delaysMs] = [0, 0, 0, []];
  return arrivals;
};

const server = createServer((request, response) => {
  // Like a receiver that hangs: it takes the connection, and says nothing.
  if (request.url?.startsWith('/dead') === true) return;
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    if (request.url === '/count') return void response.end(String(count));
    if (request.url === '/report') return void response.end(JSON.stringify(report()));
    arrived(body);
    return void response.end('ok');
  });
});
await once(server.listen(0, '127.0.0.1'), 'listening');
say({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } satisfies ReceiverAddress);
