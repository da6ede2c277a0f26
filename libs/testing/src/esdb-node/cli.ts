import { parseArgs } from 'node:util';
import { startEsdbNode } from './esdb-node.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '2113' },
    tls: { type: 'string' },
    password: { type: 'string' },
    follower: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
const node = await startEsdbNode({
  port,
  ...(values.tls !== undefined && { tls: { dir: values.tls } }),
  ...(values.password !== undefined && { password: values.password }),
  ...(values.follower && { followerOf: { host: '127.0.0.1', port: port + 1 } }),
});
process.stdout.write(`${node.url}\n`);
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void node.stop());
