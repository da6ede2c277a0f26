import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ProtocolClient } from './esdb-protocol.js';

const command = fileURLToPath(new URL('../esdb-node.mjs', import.meta.url));

describe('the command that starts a node', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('prints its URL when it is ready and ends on %s', async (signal) => {
    const child = spawn(process.execPath, [command, '--port', '0', '--follower'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    const exited = once(child, 'exit');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const port = Number(/^esdb:\/\/127\.0\.0\.1:(\d+)\?tls=false$/.exec(line)?.[1]);
    const client = new ProtocolClient({ host: '127.0.0.1', port });
    expect(await client.append('s', 'any', [{ id: crypto.randomUUID() }], { 'requires-leader': 'true' })).toMatchObject(
      {
        details: 'Leader info available',
      },
    );
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    client.close();
  });
});
