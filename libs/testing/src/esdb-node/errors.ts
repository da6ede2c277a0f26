import { Metadata, status } from '@grpc/grpc-js';

/** An error of the server as gRPC carries it. */
export class ServerError extends Error {
  readonly code: status;
  readonly details: string;
  readonly metadata = new Metadata();

  constructor(code: status, details: string, metadata: Readonly<Record<string, string>> = {}) {
    super(details);
    this.code = code;
    this.details = details;
    for (const [key, value] of Object.entries(metadata)) this.metadata.set(key, value);
  }
}

export const MAX_APPEND_BYTES = 1_048_576;

/** What the server says where its own code threw. */
export const handlerThrew = (): ServerError => new ServerError(status.UNKNOWN, 'Exception was thrown by handler.');

export const unexpectedResult = (result: 'ReadStreamResult' | 'ReadAllResult' | 'FilteredReadAllResult'): ServerError =>
  new ServerError(status.UNKNOWN, `Unexpected ${result}: Error`);

export const noExpectation = (): ServerError =>
  new ServerError(
    status.INVALID_ARGUMENT,
    "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
  );

export const missingProperty = (property: string): ServerError =>
  new ServerError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const tooLarge = (): ServerError =>
  new ServerError(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });

export const notLeader = (leader: { readonly host: string; readonly port: number }): ServerError =>
  new ServerError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });

/** What a follower says that knows of no leader. */
export const noLeader = (): ServerError => new ServerError(status.UNKNOWN, 'No leader info available in response');

/** What a follower says once the leader has not answered: nobody knows whether the append was written. */
export const forwardingTimeout = (): ServerError =>
  new ServerError(status.ABORTED, 'Operation timed out: Forwarding timeout');

export const consumerTooSlow = (): ServerError =>
  new ServerError(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );

export const accessDenied = (): ServerError =>
  new ServerError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unauthenticated = (): ServerError => new ServerError(status.UNAUTHENTICATED, 'Unauthenticated');
