import { constants, type ServerHttp2Stream } from 'node:http2';
import {
  Metadata,
  ServerInterceptingCall,
  status,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import type { Access } from '../access/access.js';
import type { Admission, Sent } from '../access/admission.js';
import { CORRELATION_HEADER } from '../observing/request-log.js';
import { Answer } from '../operation/call.js';
import { Problem } from '../operation/problem.js';
import { hasDetails, type encodeProblem } from './grpc-status.js';
import { RefusedMessage } from './messages.js';

/** What the door knows of one RPC, by its path: `/keyledger.v1.CredentialService/CreateCredential`. */
export interface Rpc {
  readonly access: Access;
  /** True where it is no operation, whose guard counts it. */
  readonly isPlain?: boolean;
  /** The message of an answer. */
  readonly message?: (body: unknown) => unknown;
}

interface Doorkeeper {
  readonly admission: Admission;
  /** What an error tells the caller; logs what nobody foresaw. */
  readonly toStatus: (error: unknown) => ReturnType<typeof encodeProblem>;
  /** Paths that are not known, and yet served: they are refused, and the log says so. */
  readonly strays: ReadonlySet<string>;
}

/** Open to all, like their HTTP twins. */
const openServices: ReadonlyMap<string, string> = new Map([
  ['grpc.health.v1.Health', 'balancers ask it'],
  ['grpc.reflection.v1.ServerReflection', 'it is documentation'],
  ['grpc.reflection.v1alpha.ServerReflection', 'it is documentation'],
]);

/** Name of the service, with its package, of an RPC's path. */
export const serviceOf = (path: string): string => path.slice(1, path.lastIndexOf('/'));

/** As Node's HTTP server has it for the head of a request. */
const MAX_METADATA_BYTES = 16 * 1024;

/** As the HTTP door has it. */
const RECEIVE_DEADLINE_MS = 30_000;

/** What strangers may send to the open services: names of services, symbols and files. */
const MAX_OPEN_MESSAGE_BYTES = 4 * 1024;

/** Strangers hold no stream for longer. Who watches opens it again. */
const OPEN_LIFETIME_MS = 10 * 60_000;

const tooOld = { code: status.DEADLINE_EXCEEDED, details: 'This call has lasted for 10 minutes. Make it again.' };

const tooSlow = { code: status.DEADLINE_EXCEEDED, details: 'The request was not received within 30 seconds.' };

/** In the words that grpc-js has for services that it does not know. */
const notServed = (path: string): Status => ({
  code: status.UNIMPLEMENTED,
  details: `The server does not implement the method ${path}`,
});

type Status = Parameters<ServerInterceptingCall['sendStatus']>[0];

/** The last call of the chain, whose members are not in the types of grpc-js. */
interface BaseCall {
  readonly stream: ServerHttp2Stream;
  readonly decoder: { /** 0 between two messages. */ readonly readState: number; maxReadMessageLength: number };
  /** Of what was compressed. */
  maxReceiveMessageSize: number;
  sendStatus(sent: Status): void;
}

const baseOf = (call: object): BaseCall => ('nextCall' in call ? baseOf(call.nextCall as object) : (call as BaseCall));

/** Else grpc-js would go on taking what the caller sends, and throw it away. What is sent to the caller goes first. */
const stopTaking = (stream: ServerHttp2Stream, untilTrailers: boolean): void => {
  const close = (): void => void setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  if (untilTrailers) stream.once('wantTrailers', close);
  else close();
};

const requireSmall = (metadata: Metadata): void => {
  let bytes = 0;
  for (const [name, values] of Object.entries(metadata.toHttp2Headers())) {
    for (const value of [values ?? []].flat()) bytes += name.length + String(value).length;
  }
  if (bytes > MAX_METADATA_BYTES) throw new Problem('too-large', 'The metadata is larger than 16 KiB.');
};

const fromGrpc = (metadata: Metadata, peer: string | undefined): Sent => {
  // What comes several times is one list, as over HTTP.
  const header = (name: string): string | undefined => {
    const values = metadata.get(name);
    return values.length === 0 ? undefined : values.join(', ');
  };
  return { correlationId: header(CORRELATION_HEADER) ?? '', peer, header };
};

const correlationOf = (metadata: Metadata): Metadata => {
  const sent = new Metadata();
  for (const id of metadata.get(CORRELATION_HEADER)) sent.set(CORRELATION_HEADER, id);
  return sent;
};

const bodyOf = (message: unknown, { message: messageOf }: Rpc): unknown => {
  if (!(message instanceof Answer)) return message;
  return messageOf === undefined ? message.body : messageOf(message.body);
};

const NOT_DECODED = 'The message cannot be decoded, or grpc-timeout is not a time.';
const NO_ENCODING = 'Of compressions grpc-encoding may name gzip and deflate.';

const refusals: readonly (readonly [code: status, details: RegExp, problem: Problem['code'], detail: string])[] = [
  [status.INTERNAL, /decompress|deserializ|grpc-timeout/, 'malformed-request', NOT_DECODED],
  [status.UNIMPLEMENTED, /unsupported encoding/, 'unsupported-media-type', NO_ENCODING],
  [status.UNIMPLEMENTED, /request message/, 'malformed-request', 'This RPC takes exactly one message.'],
];

/** What grpc-js refuses by itself has no details, and calls some mistakes of the caller INTERNAL. */
const refusedByLibrary = ({ code, details = '' }: Status): Problem | undefined => {
  const [, most] = /^Received .*\b(\d+)\)?$/.exec(details) ?? [];
  if (code === status.RESOURCE_EXHAUSTED && most !== undefined) {
    return new Problem('too-large', `The request message is larger than ${Number(most) / 1024} KiB.`);
  }
  const refusal = refusals.find(([known, pattern]) => known === code && pattern.test(details));
  return refusal && new Problem(refusal[2], refusal[3]);
};

/** How a call is answered: begun with our metadata, ended once, and in our words also where grpc-js would end it. */
class Reply {
  /** Sent before the first message, and with a refusal. */
  initial = new Metadata();
  private readonly base: BaseCall;
  /** Undefined while nothing of a request is awaited. */
  private late: NodeJS.Timeout | undefined;
  private settled = false;
  private expectsMessages = false;

  constructor(
    private readonly call: ServerInterceptingCallInterface,
    private readonly toStatus: Doorkeeper['toStatus'],
  ) {
    this.base = baseOf(call);
    const sendLast = this.base.sendStatus.bind(this.base);
    this.base.sendStatus = (sent) => (this.settled ? sendLast(sent) : this.end(this.inOurWords(sent)));
    this.awaitRest();
    this.base.stream.once('close', () => this.received());
  }

  /** For calls of strangers. */
  bound(): void {
    this.base.decoder.maxReadMessageLength = MAX_OPEN_MESSAGE_BYTES;
    this.base.maxReceiveMessageSize = MAX_OPEN_MESSAGE_BYTES;
    const lifetime = setTimeout(() => this.end(tooOld), OPEN_LIFETIME_MS).unref();
    this.base.stream.once('close', () => clearTimeout(lifetime));
  }

  get isSettled(): boolean {
    return this.settled;
  }

  /** The request is there. */
  received(): void {
    clearTimeout(this.late);
    this.late = undefined;
  }

  /** The request is a stream, that may take its time between two messages, and not within one. A stranger begins it. */
  expectMessages(fromStranger: boolean): void {
    this.expectsMessages = true;
    if (!fromStranger) this.received();
    // After grpc-js, which has listened longer.
    this.base.stream.on('data', () => {
      if (this.base.decoder.readState === 0) this.received();
      else this.awaitRest();
    });
  }

  /** A message of the stream is there. The next one may have begun. */
  receivedOne(): void {
    this.received();
    if (this.base.decoder.readState !== 0) this.awaitRest();
  }

  private awaitRest(): void {
    this.late ??= setTimeout(() => this.endIfLate(), RECEIVE_DEADLINE_MS).unref();
  }

  /** While we do not read, because messages wait for their handler, it is not the caller who is late. */
  private endIfLate(): void {
    this.late = undefined;
    if (this.expectsMessages && this.base.stream.isPaused()) this.awaitRest();
    else this.end(tooSlow);
  }

  refuse(error: unknown): void {
    if (!this.settled) this.end(this.toStatus(error));
    // What was refused by grpc-js meanwhile has its status, which may be on its way.
    else stopTaking(this.base.stream, this.base.stream.sentTrailers === undefined);
  }

  /** For an RPC of a service of which another process serves the others. */
  tellNotServed(path: string): void {
    this.end(notServed(path));
  }

  /** The last that is sent, in our words. */
  settle(sent: Status): Status {
    this.settled = true;
    this.begin();
    return this.inOurWords(sent);
  }

  private begin(): void {
    if (!this.base.stream.headersSent) this.call.sendMetadata(this.initial);
  }

  private end(sent: Status): void {
    const untilTrailers = !this.settled;
    if (untilTrailers) this.call.sendStatus(this.settle(sent));
    stopTaking(this.base.stream, untilTrailers);
  }

  private inOurWords(sent: Status): Status {
    const problem = hasDetails(sent.metadata) ? undefined : refusedByLibrary(sent);
    return problem === undefined ? sent : this.toStatus(problem);
  }
}

const trailersOf = ({ metadata }: Status, answer: Answer<unknown> | undefined): Metadata => {
  const trailers = metadata ?? new Metadata();
  if (answer !== undefined) trailers.set('keyledger-position', answer.position);
  if (answer?.replayed === true) trailers.set('idempotent-replayed', 'true');
  return trailers;
};

/**
 * Lets calls in by their metadata, before anything of a message is read, refuses messages that cannot be read, and
 * sends answers with their position in trailing metadata.
 */
export const interceptor =
  ({ admission, toStatus, strays }: Doorkeeper, rpcs: ReadonlyMap<string, Rpc>): ServerInterceptor =>
  ({ path, requestStream, responseSerialize }, call) => {
    const open = openServices.get(serviceOf(path));
    const known = rpcs.get(path);
    const access = open === undefined ? known?.access : { open };
    const reply = new Reply(call, toStatus);
    if (open !== undefined) reply.bound();
    let answer: Answer<unknown> | undefined;
    const letIn = async (metadata: Metadata): Promise<void> => {
      requireSmall(metadata);
      const peer = call.getConnectionInfo().remoteAddress;
      await admission.admit(metadata, path, access, fromGrpc(metadata, peer));
      if (known?.isPlain === true) admission.countPlain(metadata);
      if (requestStream) reply.expectMessages(open !== undefined);
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          // grpc-js reads nothing of a message before the metadata is passed on.
          onReceiveMetadata: (metadata, forward) => {
            reply.initial = correlationOf(metadata);
            if (access === undefined && !strays.has(path)) return reply.tellNotServed(path);
            void letIn(metadata).then(
              () => void (reply.isSettled || forward(metadata)),
              (error: unknown) => reply.refuse(error),
            );
          },
          onReceiveMessage: (message, forward) => {
            if (requestStream) reply.receivedOne();
            if (message instanceof RefusedMessage) reply.refuse(message.problem);
            else forward(message);
          },
          onReceiveHalfClose: (forward) => {
            reply.received();
            if (!reply.isSettled) forward();
          },
        }),
      sendMetadata: (metadata, next) => {
        metadata.merge(reply.initial);
        next(metadata);
      },
      sendMessage: (message: unknown, next) => {
        if (message instanceof Answer) answer = message;
        try {
          next(known === undefined ? message : (responseSerialize(bodyOf(message, known)) as unknown));
        } catch (error) {
          reply.refuse(error);
        }
      },
      sendStatus: (sent, next) => {
        const last = reply.settle(sent);
        next({ ...last, metadata: trailersOf(last, answer) });
      },
    });
  };
