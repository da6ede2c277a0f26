import { status, type sendUnaryData, type ServerReadableStream, type ServerWritableStream } from '@grpc/grpc-js';
import type { ServerDuplexStream, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { readAppendRequest } from './append-request.js';
import { appendResponse, serializeAppendResponse } from './append-response.js';
import { answerWith, type CallFault } from './call-faults.js';
import { forwardingTimeout, ServerError } from './errors.js';
import { readFilter } from './event-filter.js';
import { checkLeaderIfRequired, requiresLeader, type NodeContext } from './node-context.js';
import { Outlet } from './outlet.js';
import { nameOf, streams, streamsGrpc } from './protocol.js';
import { indexOfAll, readMessages } from './reads.js';
import { Subscription } from './subscription.js';

type AppendCall = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

export const streamsDefinition: ServiceDefinition = {
  ...streamsGrpc.StreamsService,
  append: { ...streamsGrpc.StreamsService.append, responseSerialize: serializeAppendResponse },
};

/** The calls of the streams service; deleting and appending in batches are not among what the node can do. */
export function streamsService(context: NodeContext): UntypedServiceImplementation {
  const notHere = new ServerError(status.UNIMPLEMENTED, 'Not a part of this node');
  const unimplemented = (_call: unknown, callback: sendUnaryData<never>): void => callback(notHere);
  return {
    append: (call: AppendCall, callback: sendUnaryData<streams.AppendResp>) => append(context, call, callback),
    // We never use it, so it is only counted: tests hold the count against 0.
    batchAppend: (call: BatchCall) => {
      context.faults.next('batchAppend');
      call.emit('error', notHere);
    },
    read: (call: ReadCall) => void read(context, call),
    delete: unimplemented,
    tombstone: unimplemented,
  };
}

function append(context: NodeContext, call: AppendCall, callback: sendUnaryData<streams.AppendResp>): void {
  const messages: streams.AppendReq[] = [];
  call.on('error', () => undefined); // The client has gone; there is nobody to answer.
  call.on('data', (message: streams.AppendReq) => messages.push(message));
  // The messages of a call that was cancelled or broke off end, too: it is known as such one turn later.
  call.on('end', () => setImmediate(() => (call.cancelled ? undefined : decide(context, messages, call, callback))));
}

function decide(
  context: NodeContext,
  messages: readonly streams.AppendReq[],
  call: AppendCall,
  callback: sendUnaryData<streams.AppendResp>,
): void {
  const act = (): streams.AppendResp => {
    const { streamId, expected, events } = readAppendRequest(messages);
    checkLeaderIfRequired(context, call.metadata);
    context.access.checkWrite(call.metadata, streamId);
    return appendResponse(expected, context.store.append(streamId, expected, events));
  };
  void answerWith({
    fault: unansweredForward(context, call) ?? context.faults.next('append'),
    act,
    answer: (response) => callback(null, response),
    fail: (error) => callback(error),
    reset: () => context.resetPeer(call.getPeer()),
  });
}

/** A follower hands appends on. While there is no leader nobody answers it. */
function unansweredForward(context: NodeContext, call: AppendCall): CallFault | null {
  if (context.leadership.role() !== 'leaderless' || requiresLeader(call.metadata)) return null;
  return { answer: forwardingTimeout(), delayMs: context.forwardingMs };
}

async function read(context: NodeContext, call: ReadCall): Promise<void> {
  const outlet = new Outlet(call);
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const subscribes = options.hasSubscription();
  const streamId = options.hasAll() ? '$all' : nameOf(options.getStream()?.getStreamIdentifier());
  const act = (): Promise<void> => {
    checkLeaderIfRequired(context, call.metadata);
    context.access.checkRead(call.metadata, streamId);
    return subscribes ? subscribe(context, outlet, options) : sendAll(context, outlet, options);
  };
  const fail = (error: ServerError): void => outlet.fail(error);
  await answerWith({
    fault: context.faults.next(subscribes ? 'subscribe' : 'read'),
    act: () => act,
    answer: (start) => {
      try {
        start().catch(fail);
      } catch (error) {
        fail(error as ServerError);
      }
    },
    fail,
    reset: () => context.resetPeer(outlet.peer),
  });
}

async function sendAll(context: NodeContext, outlet: Outlet, options: streams.ReadReq.Options): Promise<void> {
  for (const message of readMessages(context.store, options, context.streamPositions)) {
    if (outlet.closed) return;
    if (outlet.full) await outlet.ready();
    outlet.write(message);
  }
  outlet.end();
}

async function subscribe(context: NodeContext, outlet: Outlet, options: streams.ReadReq.Options): Promise<void> {
  const dropAtCaughtUp = context.dropsAtCaughtUp > 0;
  if (dropAtCaughtUp) context.dropsAtCaughtUp -= 1;
  const subscription = new Subscription(outlet, {
    store: context.store,
    streamId: options.hasAll() ? null : nameOf(options.getStream()?.getStreamIdentifier()),
    start: options.hasAll() ? startOfAll(context, options) : startOfStream(context, options),
    filter: options.hasAll() ? readFilter(options) : null,
    withPositions: context.streamPositions,
    dropAtCaughtUp,
  });
  context.subscriptions.add(subscription);
  outlet.onClose(() => context.subscriptions.delete(subscription));
  await subscription.run();
}

function startOfStream({ store }: NodeContext, options: streams.ReadReq.Options): number {
  const stream = options.getStream();
  if (stream?.hasRevision()) return Number(stream.getRevision()) + 1;
  return stream?.hasEnd() ? store.stream(nameOf(stream.getStreamIdentifier())).length : 0;
}

/**
 * The server reads one event from the position on and begins behind that. Where the event at the position was
 * scavenged, that one event is the next one: it is skipped.
 */
function startOfAll({ store }: NodeContext, options: streams.ReadReq.Options): number {
  const index = indexOfAll(store, options);
  const position = options.getAll()?.getPosition();
  if (!position || position.getCommitPosition() === '0') return index;
  let read = index;
  while (store.records[read]?.scavenged || store.records[read]?.hidden) read += 1;
  return Math.min(read + 1, store.records.length);
}
