import { Client, credentials, Metadata } from '@grpc/grpc-js';
import protobuf from 'protobufjs';

/** Of Envoy's API v3, by its own numbers: with more fields than the product knows, as a real Envoy sends them. */
const envoy = protobuf.parse(
  `syntax = "proto3"; package envoy.service.auth.v3;
   message SocketAddress { string address = 2; uint32 port_value = 3; }
   message Address { SocketAddress socket_address = 1; }
   message HeaderValue { string key = 1; string value = 2; bytes raw_value = 3; }
   message HeaderMap { repeated HeaderValue headers = 1; }
   message BoolValue { bool value = 1; }
   message HeaderValueOption { HeaderValue header = 1; BoolValue append = 2; int32 append_action = 3; }
   message Peer { Address address = 1; string service = 2; string principal = 4; }
   message HttpRequest {
     string id = 1; string method = 2; map<string, string> headers = 3; string path = 4; string host = 5;
     string scheme = 6; int64 size = 9; string protocol = 10; string body = 11; HeaderMap header_map = 13;
   }
   message Request { HttpRequest http = 2; }
   message AttributeContext {
     Peer source = 1; Peer destination = 2; Request request = 4; map<string, string> context_extensions = 10;
   }
   message CheckRequest { AttributeContext attributes = 1; }
   message Status { int32 code = 1; string message = 2; }
   message HttpStatus { int32 code = 1; }
   message DeniedHttpResponse { HttpStatus status = 1; repeated HeaderValueOption headers = 2; string body = 3; }
   message OkHttpResponse {
     repeated HeaderValueOption headers = 2; repeated string headers_to_remove = 5;
     repeated HeaderValueOption response_headers_to_add = 6;
   }
   message CheckResponse {
     Status status = 1;
     oneof http_response { DeniedHttpResponse denied_response = 2; OkHttpResponse ok_response = 3; }
   }`,
).root;

const requestType = envoy.lookupType('envoy.service.auth.v3.CheckRequest');
const responseType = envoy.lookupType('envoy.service.auth.v3.CheckResponse');

/** A request of an end client, as Envoy sees it. */
export interface ClientRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** With `encode_raw_headers`, instead of `headers`. */
  readonly rawHeaders?: readonly (readonly [name: string, value: string])[];
  readonly from?: string | null;
}

interface Option {
  readonly header: { readonly key: string; readonly value: string };
  readonly append?: { readonly value?: boolean };
}

interface CheckResponse {
  readonly status?: { readonly code?: number };
  readonly okResponse?: { readonly headers?: readonly Option[]; readonly headersToRemove?: readonly string[] };
  readonly deniedResponse?: {
    readonly status: { readonly code: number };
    readonly headers: readonly Option[];
    readonly body: string;
  };
}

/** What Envoy is told to do. */
export interface Checked {
  /** Of google.rpc. */
  readonly code: number;
  /** What the end client gets; 200 for a request that passes. */
  readonly httpStatus: number;
  /** Set on the request to the service behind, or on the refusal. */
  readonly headers: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
  readonly body: string;
}

const attributesOf = ({ method = 'GET', path = '/', headers = {}, rawHeaders, from = '192.0.2.1' }: ClientRequest) => ({
  source: { address: from === null ? {} : { socketAddress: { address: from, portValue: 4711 } } },
  destination: { address: { socketAddress: { address: '10.0.0.1', portValue: 443 } } },
  request: {
    http: {
      ...{ id: '1', method, path, host: 'api.example.com', scheme: 'https', size: -1, protocol: 'HTTP/1.1' },
      ...(rawHeaders === undefined
        ? { headers: { ':method': method, ':path': path, ...headers } }
        : { headerMap: { headers: rawHeaders.map(([key, value]) => ({ key, rawValue: Buffer.from(value) })) } }),
    },
  },
});

const headersOf = (options: readonly Option[] = []): Record<string, string> =>
  Object.fromEntries(
    options.map(({ header: { key, value }, append }) => {
      if (append?.value === true) throw new Error(`${key} would be added to what the client has sent.`);
      return [key, value];
    }),
  );

const read = ({ status: { code = 0 } = {}, okResponse = {}, deniedResponse }: CheckResponse): Checked => {
  if (deniedResponse === undefined) {
    const { headers, headersToRemove: removed = [] } = okResponse;
    return { code, httpStatus: 200, headers: headersOf(headers), removed, body: '' };
  }
  const { status, headers, body } = deniedResponse;
  return { code, httpStatus: status.code, headers: headersOf(headers), removed: [], body };
};

/** Asks as Envoy does. To be closed. */
export class ExtAuthzClient {
  private readonly client: Client;

  constructor(
    address: string,
    private readonly token: string | null,
  ) {
    this.client = new Client(address, credentials.createInsecure());
  }

  check(request: ClientRequest): Promise<Checked> {
    const metadata = new Metadata();
    if (this.token !== null) metadata.set('x-keyledger-token', this.token);
    const message = requestType.fromObject({ attributes: attributesOf(request) });
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        '/envoy.service.auth.v3.Authorization/Check',
        (each: protobuf.Message) => Buffer.from(requestType.encode(each).finish()),
        (bytes: Buffer) => responseType.toObject(responseType.decode(bytes)) as CheckResponse,
        message,
        metadata,
        (error, reply) => (error === null && reply !== undefined ? resolve(read(reply)) : reject(error as Error)),
      );
    });
  }

  close(): void {
    this.client.close();
  }
}
