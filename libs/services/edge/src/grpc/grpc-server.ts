import type { ServerOptions } from 'node:http2';
import { Server, type ChannelOptions, type ServerCredentials } from '@grpc/grpc-js';
import { ServerGrpc, type GrpcOptions } from '@nestjs/microservices';

/** With types where Nest has none. */
interface Options extends Omit<GrpcOptions['options'], 'credentials'> {
  readonly url: string;
  readonly channelOptions: ChannelOptions;
  readonly credentials: ServerCredentials;
}

/** Of one call. Node would reset a call that brings more than 128, however short they are and without a status. */
const MAX_METADATA_ENTRIES = 2_000;

/** Nest's server, with what has to be said to Node before the port is open. */
export class GrpcServer extends ServerGrpc {
  constructor(private readonly own: Options) {
    super(own);
  }

  override async createClient(): Promise<Server> {
    const { url, channelOptions, credentials } = this.own;
    const server = new Server(channelOptions);
    // What grpc-js hands to Node, for which it has no option of its own.
    const forNode = server['commonServerOptions'] as ServerOptions;
    forNode.maxHeaderListPairs = MAX_METADATA_ENTRIES;
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(url, credentials, (error) => (error === null ? resolve() : reject(error)));
    });
    return server;
  }
}
