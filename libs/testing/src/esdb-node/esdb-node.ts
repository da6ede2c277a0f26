import { setTimeout as after } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { CallFault, CallKind } from './call-faults.js';
import { nodeCredentials } from './certificates.js';
import type { ServerError } from './errors.js';
import { Front } from './front.js';
import type { EsdbNodeOptions } from './esdb-node-options.js';
import { LogStore, type LogRecord, type ProposedEvent } from './log-store.js';
import { createContext, type NodeContext } from './node-context.js';
import { featuresService, gossipService } from './node-services.js';
import { featuresGrpc, gossipGrpc } from './protocol.js';
import { writeAhead } from './write-ahead.js';
import { streamsDefinition, streamsService } from './streams-service.js';

/** Starts a node that speaks the EventStoreDB protocol, with its log in memory, and listens. */
export async function startEsdbNode(options: EsdbNodeOptions = {}): Promise<EsdbNode> {
  const node = new EsdbNode(options);
  await node.start();
  return node;
}

/** A node for tests. It answers as the recorded server does, and has faults on demand. */
export class EsdbNode {
  readonly host: string;
  readonly store: LogStore;
  readonly #options: EsdbNodeOptions;
  readonly #server: Server;
  readonly #front: Front;
  readonly #context: NodeContext;
  #innerPort = 0;

  constructor(options: EsdbNodeOptions) {
    const { host = '127.0.0.1', port = 0, systemEventEvery = 50, commitGap = 0 } = options;
    this.#options = options;
    this.host = host;
    this.store = options.store ?? new LogStore({ systemEventEvery, commitGap });
    this.#front = new Front(host, port, () => this.#innerPort);
    this.#context = createContext(options, this.store, () => ({ host, port: this.port }), this.#front);
    this.#server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024, interceptors: [writeAhead] });
    this.#server.addService(streamsDefinition, streamsService(this.#context));
    this.#server.addService(featuresGrpc.ServerFeaturesService, featuresService(this.#context));
    this.#server.addService(gossipGrpc.GossipService, gossipService(this.#context));
  }

  get port(): number {
    return this.#front.port;
  }

  /** Without credentials; of a node with TLS it names the authority's certificate. */
  get url(): string {
    const { tls } = this.#options;
    const query = tls ? `tls=true&tlsCAFile=${encodeURIComponent(`${tls.dir}/ca.crt`)}` : 'tls=false';
    return `esdb://${this.host}:${this.port}?${query}`;
  }

  /** How many calls of each kind have come. */
  get calls(): Readonly<Record<CallKind, number>> {
    return { ...this.#context.faults.calls };
  }

  /** How many subscriptions are under way. */
  get subscriptions(): number {
    return this.#context.subscriptions.size;
  }

  async start(): Promise<void> {
    const { tls } = this.#options;
    const credentials = tls ? await nodeCredentials(tls.dir) : ServerCredentials.createInsecure();
    this.#innerPort = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
    });
    await this.#front.listen();
  }

  /** Cuts every connection and gives the port free. */
  async stop(): Promise<void> {
    this.#front.refuse();
    this.#front.reset();
    this.#server.forceShutdown();
  }

  /** Lets a user in who has no grant but those that everyone has: `$all` is not among them. */
  addUser(name: string, password: string): void {
    this.#context.access.addUser(name, password);
  }

  /** Writes events past the protocol: others' events, the server's own, damaged ones. */
  write(streamId: string, ...events: (Partial<ProposedEvent> & { readonly type: string })[]): LogRecord[] {
    const defaults = { contentType: 'application/octet-stream', data: new Uint8Array(), metadata: new Uint8Array() };
    return this.store.write(
      streamId,
      events.map((event) => ({ id: crypto.randomUUID(), ...defaults, ...event })),
    );
  }

  /** The next `times` calls of this kind meet the fault; with `Infinity` all do until `clearFaults`. */
  fail(kind: CallKind, fault: CallFault, times = 1): void {
    this.#context.faults.plan(kind, fault, times);
  }

  clearFaults(): void {
    this.#context.faults.clear();
  }

  /** The next `times` subscriptions end as those of a slow consumer do, at their change to live. */
  dropAtCaughtUp(times = 1): void {
    this.#context.dropsAtCaughtUp += times;
  }

  /** Ends every subscription without an error. */
  endSubscriptions(): void {
    for (const subscription of [...this.#context.subscriptions]) subscription.end();
  }

  /** Ends every subscription with an error, right behind all that it still has to bring. */
  failSubscriptions(error: ServerError): void {
    for (const subscription of [...this.#context.subscriptions]) subscription.fail(error);
  }

  /** Subscriptions that are there now bring nothing until they are unmuted; then they bring all that came. */
  muteSubscriptions(muted = true): void {
    for (const subscription of this.#context.subscriptions) subscription.mute(muted);
  }

  /** Resets every connection, as a process that was killed; new ones are welcome. */
  resetConnections(): void {
    this.#front.reset();
  }

  /** Refuses new connections; those that are there stay. */
  refuse(): void {
    this.#front.refuse();
  }

  get isListening(): boolean {
    return this.#front.isListening;
  }

  /** Takes new connections again. */
  async accept(): Promise<void> {
    await this.#front.listen();
  }

  /** Takes connections and bytes, answers nothing, not even a ping: a process that was stopped. */
  freeze(): void {
    this.#front.freeze();
  }

  thaw(): void {
    this.#front.thaw();
  }

  /** Ends as with kill -9. The data are kept, and `accept` brings the node back on the same port. */
  kill(): void {
    this.refuse();
    this.resetConnections();
  }

  /** Is killed, stays away for a while and is back on the same port with its data. */
  async restart(downMs = 0): Promise<void> {
    this.kill();
    await after(downMs);
    await this.accept();
  }

  /** Takes the last `count` events away and cuts all connections: a server restored from an older backup. */
  cutBack(count: number): void {
    this.store.cutBack(count);
    this.resetConnections();
  }

  /** An empty log takes the place of this one, and all connections are cut. */
  replaceLog(): void {
    this.store.replace();
    this.resetConnections();
  }
}
