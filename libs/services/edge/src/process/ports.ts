import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Config } from '../settings/config.js';

const listen = async (host: string, port: number): Promise<Server> => {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  return server;
};

const close = async (server: Server): Promise<void> => {
  server.close();
  await once(server, 'close');
};

/** A port that nothing listens on. Nest does not tell the port that gRPC was bound to, so one is chosen before. */
export const freePort = async (host: string): Promise<number> => {
  const server = await listen(host, 0);
  const { port } = server.address() as AddressInfo;
  await close(server);
  return port;
};

/** Rejects with what keeps the doors from being opened, before anything else is made or asked. */
export const requireFreePorts = async ({ host, httpPort, grpcPort }: Config): Promise<void> => {
  const http = await listen(host, httpPort);
  try {
    await close(await listen(host, grpcPort));
  } finally {
    await close(http);
  }
};

/** Host and port in one text, as URLs and gRPC have it. */
export const addressOf = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
