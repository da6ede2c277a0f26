import type { ServerOptions } from 'node:http2';
import { Server, type ChannelOptions, type ServerCredentials } from '@grpc/grpc-js';
import { ServerGrpc, type GrpcOptions } from '@nestjs/microservices';

type Options = GrpcOptions['options'] & {
  readonly channelOptions: ChannelOptions;
  readonly credentials: ServerCredentials;
};

/** Of one call. Node would reset a call that brings more than 128, however short they are and without a status. */
const MAX_METADATA_ENTRIES = 2_000;

/** What grpc-js hands to Node for each of its servers; it has no option for the number of entries. */
interface ForNode {
  readonly commonServerOptions: ServerOptions;
}

/** Nest's server, with what has to be said to Node before the port is open. */
export class GrpcServer extends ServerGrpc {
  constructor(private readonly own: Options) {
    super(own);
  }

  override async createClient(): Promise<Server> {
    const { url = '', channelOptions, credentials } = this.own;
    const server = new Server(channelOptions);
    (server as unknown as ForNode).commonServerOptions.maxHeaderListPairs = MAX_METADATA_ENTRIES;
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(url, credentials, (error) => (error === null ? resolve() : reject(error)));
    });
    return server;
  }
}
