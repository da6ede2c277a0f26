// Speaks the wire protocol to a server, as it is: nothing of a client's conversions stands between.
import { credentials, Metadata, type ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { gossip, gossipGrpc, identifierOf, nameOf, shared, streams } from '../src/esdb-node/protocol.js';
import { features, featuresGrpc, streamsGrpc, uuidOf } from '../src/esdb-node/protocol.js';

export interface Proposed {
  readonly id?: string;
  readonly type?: string;
  readonly contentType?: string;
  readonly data?: string;
  readonly metadata?: string;
}

export type Expected = number | 'no-stream' | 'any' | 'exists' | 'nothing';
export type Position = readonly [commit: number, prepare: number];

export interface Query {
  /** A stream; `$all` without it. */
  readonly stream?: string;
  readonly from?: 'start' | 'end' | number | Position;
  readonly backwards?: boolean;
  readonly count?: number;
  readonly regex?: string;
  readonly prefix?: string;
  readonly eventTypeRegex?: string;
  readonly window?: number;
  readonly compatibility?: number;
}

export interface ReadEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** One answer of a read or a subscription, by its kind. */
export type Message =
  | { readonly kind: 'event'; readonly event: ReadEvent; readonly raw: streams.ReadResp.AsObject }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'confirmation' | 'caughtUp' }
  | { readonly kind: 'streamNotFound'; readonly stream: string }
  | { readonly kind: 'firstStreamPosition' | 'lastStreamPosition'; readonly revision: number };

export interface Failure {
  readonly code: number;
  readonly details: string;
  readonly metadata: Readonly<Record<string, string>>;
}

const TRANSPORT_KEYS = ['content-type', 'date'];

export const failureOf = (error: ServiceError): Failure => ({
  code: error.code,
  details: error.details,
  metadata: Object.fromEntries(
    Object.entries(error.metadata.getMap())
      .filter(([key]) => !TRANSPORT_KEYS.includes(key))
      .map(([key, value]) => [key, String(value)]),
  ),
});

export const basic = (user: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

const metadataOf = (entries: Readonly<Record<string, string>> = {}): Metadata => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return metadata;
};

export class ProtocolClient {
  readonly #streams: InstanceType<typeof streamsGrpc.StreamsClient>;
  readonly #gossip: InstanceType<typeof gossipGrpc.GossipClient>;
  readonly #features: InstanceType<typeof featuresGrpc.ServerFeaturesClient>;

  constructor(server: { readonly host: string; readonly port: number }, secrets?: ChannelCredentials) {
    const address = `${server.host}:${server.port}`;
    const channel = secrets ?? credentials.createInsecure();
    this.#streams = new streamsGrpc.StreamsClient(address, channel);
    this.#gossip = new gossipGrpc.GossipClient(address, channel);
    this.#features = new featuresGrpc.ServerFeaturesClient(address, channel);
  }

  close(): void {
    for (const client of [this.#streams, this.#gossip, this.#features]) client.close();
  }

  append(
    stream: string | null,
    expected: Expected,
    events: readonly Proposed[],
    headers?: Readonly<Record<string, string>>,
  ): Promise<streams.AppendResp.AsObject | Failure> {
    return new Promise((resolve) => {
      const call = this.#streams.append(metadataOf(headers), (error: ServiceError | null, response) =>
        resolve(error ? failureOf(error) : response.toObject()),
      );
      call.on('error', () => undefined);
      const options = new streams.AppendReq.Options();
      if (stream !== null) options.setStreamIdentifier(identifierOf(stream));
      call.write(new streams.AppendReq().setOptions(setExpected(options, expected)));
      for (const event of events) {
        const message = propose(new streams.AppendReq.ProposedMessage(), event);
        call.write(new streams.AppendReq().setProposedMessage(message));
      }
      call.end();
    });
  }

  /** Sends the beginning of an append and cancels the call before its end. */
  async abandonAppend(stream: string, events: readonly Proposed[]): Promise<void> {
    let settle = (): void => undefined;
    const cancelled = new Promise<void>((resolve) => (settle = resolve));
    const call = this.#streams.append(new Metadata(), () => settle());
    const options = setExpected(new streams.AppendReq.Options(), 'any').setStreamIdentifier(identifierOf(stream));
    const messages = [
      new streams.AppendReq().setOptions(options),
      ...events.map((event) =>
        new streams.AppendReq().setProposedMessage(propose(new streams.AppendReq.ProposedMessage(), event)),
      ),
    ];
    for (const message of messages) await new Promise<void>((resolve) => call.write(message, () => resolve()));
    await this.supportedMethods(); // Behind the messages on the same connection: the server has them.
    call.cancel();
    await cancelled;
  }

  /** Only begins a call: the node has no such. */
  batchAppend(): Promise<never> {
    return new Promise((_, reject) => this.#streams.batchAppend().on('error', reject));
  }

  read(query: Query, headers?: Readonly<Record<string, string>>): Promise<{ messages: Message[]; failure?: Failure }> {
    return new Promise((resolve) => {
      const messages: Message[] = [];
      const call = this.#streams.read(readRequest(query, false), metadataOf(headers));
      call.on('data', (message: streams.ReadResp) => messages.push(messageOf(message)));
      call.on('error', (error) => resolve({ messages, failure: failureOf(error as ServiceError) }));
      call.on('end', () => resolve({ messages }));
    });
  }

  subscribe(query: Query, headers?: Readonly<Record<string, string>>): ProtocolSubscription {
    const call = this.#streams.read(readRequest(query, true), metadataOf(headers));
    return new ProtocolSubscription(call);
  }

  members(): Promise<gossip.MemberInfo.AsObject[]> {
    return new Promise((resolve, reject) => {
      this.#gossip.read(new shared.Empty(), (error, info) =>
        error ? reject(error) : resolve(info.toObject().membersList),
      );
    });
  }

  supportedMethods(): Promise<features.SupportedMethods.AsObject> {
    return new Promise((resolve, reject) => {
      this.#features.getSupportedMethods(new shared.Empty(), (error, methods) =>
        error ? reject(error) : resolve(methods.toObject()),
      );
    });
  }
}

type ReadCall = ReturnType<InstanceType<typeof streamsGrpc.StreamsClient>['read']>;

export class ProtocolSubscription {
  readonly messages: Message[] = [];
  /** How it ended: an error, or `clean`. */
  readonly ended: Promise<Failure | 'clean'>;
  readonly #call: ReadCall;
  #changed: () => void = () => undefined;

  constructor(call: ReadCall) {
    this.#call = call;
    this.ended = new Promise((resolve) => {
      call.on('error', (error) => resolve(failureOf(error as ServiceError)));
      call.on('end', () => setImmediate(() => resolve('clean')));
    });
    call.on('data', (message: streams.ReadResp) => {
      this.messages.push(messageOf(message));
      this.#changed();
    });
  }

  get events(): ReadEvent[] {
    return this.messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
  }

  get checkpoints(): Position[] {
    return this.messages.flatMap((message) => (message.kind === 'checkpoint' ? [message.position] : []));
  }

  async until(isReached: () => boolean): Promise<void> {
    while (!isReached()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  caughtUp(): Promise<void> {
    return this.until(() => this.messages.some((message) => message.kind === 'caughtUp'));
  }

  pause(): void {
    this.#call.pause();
  }

  resume(): void {
    this.#call.resume();
  }

  cancel(): void {
    this.#call.cancel();
  }
}

function setExpected(options: streams.AppendReq.Options, expected: Expected): streams.AppendReq.Options {
  if (expected === 'nothing') return options;
  if (expected === 'no-stream') return options.setNoStream(new shared.Empty());
  if (expected === 'any') return options.setAny(new shared.Empty());
  if (expected === 'exists') return options.setStreamExists(new shared.Empty());
  return options.setRevision(String(expected));
}

type ProposedMessage = streams.AppendReq.ProposedMessage;

function propose(message: ProposedMessage, event: Proposed): ProposedMessage {
  const { id, type, contentType, data = '', metadata = '' } = { type: 'Probed', contentType: 'text/plain', ...event };
  if (id !== undefined) message.setId(uuidOf(id));
  if (type !== undefined) message.getMetadataMap().set('type', type);
  if (contentType !== undefined) message.getMetadataMap().set('content-type', contentType);
  message.setData(Buffer.from(data));
  message.setCustomMetadata(Buffer.from(metadata));
  return message;
}

function readRequest(query: Query, subscribes: boolean): streams.ReadReq {
  const options = new streams.ReadReq.Options().setReadDirection(query.backwards ? 1 : 0);
  if (query.stream === undefined) options.setAll(allOptions(query)).setFilter(filterOptions(query));
  else options.setStream(streamOptions(query.stream, query));
  if (!options.hasFilter()) options.setNoFilter(new shared.Empty());
  if (subscribes) options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  else options.setCount(String(query.count ?? 100));
  options.setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  const control = new streams.ReadReq.Options.ControlOption().setCompatibility(query.compatibility ?? 0);
  if (query.compatibility !== undefined) options.setControlOption(control);
  return new streams.ReadReq().setOptions(options);
}

function allOptions({ from = 'start' }: Query): streams.ReadReq.Options.AllOptions {
  const options = new streams.ReadReq.Options.AllOptions();
  if (from === 'start') return options.setStart(new shared.Empty());
  if (!Array.isArray(from)) return options.setEnd(new shared.Empty());
  const [commit, prepare] = from as Position;
  const position = new streams.ReadReq.Options.Position();
  return options.setPosition(position.setCommitPosition(String(commit)).setPreparePosition(String(prepare)));
}

function streamOptions(stream: string, { from = 'start' }: Query): streams.ReadReq.Options.StreamOptions {
  const options = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(identifierOf(stream));
  if (from === 'start') return options.setStart(new shared.Empty());
  return from === 'end' ? options.setEnd(new shared.Empty()) : options.setRevision(String(from));
}

function filterOptions(query: Query): streams.ReadReq.Options.FilterOptions | undefined {
  const { regex, prefix, eventTypeRegex, window } = query;
  if (regex === undefined && prefix === undefined && eventTypeRegex === undefined) return undefined;
  const filter = new streams.ReadReq.Options.FilterOptions().setCheckpointintervalmultiplier(1);
  if (window === undefined) filter.setCount(new shared.Empty());
  else filter.setMax(window);
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  if (eventTypeRegex !== undefined) return filter.setEventType(expression.setRegex(eventTypeRegex));
  if (prefix !== undefined) return filter.setStreamIdentifier(expression.setPrefixList([prefix]));
  return filter.setStreamIdentifier(expression.setRegex(regex ?? ''));
}

function messageOf(message: streams.ReadResp): Message {
  const event = message.getEvent()?.getEvent();
  if (event) return { kind: 'event', event: eventOf(event), raw: message.toObject() };
  const checkpoint = message.getCheckpoint();
  if (checkpoint) return { kind: 'checkpoint', position: positionOf(checkpoint) };
  const notFound = message.getStreamNotFound();
  if (notFound) return { kind: 'streamNotFound', stream: nameOf(notFound.getStreamIdentifier()) };
  if (message.hasConfirmation()) return { kind: 'confirmation' };
  if (message.hasCaughtUp()) return { kind: 'caughtUp' };
  if (message.hasFirstStreamPosition()) {
    return { kind: 'firstStreamPosition', revision: Number(message.getFirstStreamPosition()) };
  }
  return { kind: 'lastStreamPosition', revision: Number(message.getLastStreamPosition()) };
}

interface HasPosition {
  getCommitPosition(): string;
  getPreparePosition(): string;
}

const positionOf = (message: HasPosition): Position => [
  Number(message.getCommitPosition()),
  Number(message.getPreparePosition()),
];

const eventOf = (event: streams.ReadResp.ReadEvent.RecordedEvent): ReadEvent => ({
  id: event.getId()?.getString() ?? '',
  stream: nameOf(event.getStreamIdentifier()),
  revision: Number(event.getStreamRevision()),
  position: positionOf(event),
});
