import type { ServerDuplexStream } from '@grpc/grpc-js';
import { checkSize, readProposed } from './append-request.js';
import { answerWith } from './call-faults.js';
import type { ExpectedRevision } from './decide-append.js';
import { handlerThrew, MAX_APPEND_BYTES, ServerError } from './errors.js';
import type { AppendResult, ProposedEvent } from './log-store.js';
import { checkLeaderIfRequired, type NodeContext } from './node-context.js';
import { any, empty, nameOf, shared, statuses, streams } from './protocol.js';

type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type Options = streams.BatchAppendReq.Options;

// Of google.rpc.Code.
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const ALREADY_EXISTS = 6;

interface Batch {
  readonly options: Options;
  readonly messages: streams.BatchAppendReq.ProposedMessage[];
}

/** One call of the batch append stream: answers each correlation once its last part has come. */
export class BatchAppends {
  readonly #context: NodeContext;
  readonly #call: BatchCall;
  readonly #open = new Map<string, Batch>();

  constructor(context: NodeContext, call: BatchCall) {
    this.#context = context;
    this.#call = call;
    call.on('data', (request: streams.BatchAppendReq) => this.#receive(request));
    call.on('end', () => call.end());
  }

  #receive(request: streams.BatchAppendReq): void {
    const correlation = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    const batch = options ? { options, messages: [] } : this.#open.get(correlation);
    // A part that belongs to nothing is not answered.
    if (!batch) return;
    this.#open.set(correlation, batch);
    batch.messages.push(...request.getProposedMessagesList());
    if (!request.getIsFinal()) return;
    this.#open.delete(correlation);
    void answerWith({
      fault: this.#context.faults.next('batchAppend'),
      act: () => this.#append(batch).setCorrelationId(request.getCorrelationId()),
      answer: (response) => void this.#call.write(response),
      fail: (error) => void this.#call.emit('error', error),
      reset: () => this.#context.resetPeer(this.#call.getPeer()),
    });
  }

  #append({ options, messages }: Batch): streams.BatchAppendResp {
    const { store, access } = this.#context;
    const streamId = nameOf(options.getStreamIdentifier());
    checkLeaderIfRequired(this.#context, this.#call.metadata);
    access.checkWrite(this.#call.metadata, streamId);
    const expected = expectedOf(options);
    // The server names the stream, and the position 0 whatever was expected.
    const response = new streams.BatchAppendResp()
      .setStreamIdentifier(options.getStreamIdentifier())
      .setStreamPosition('0');
    if (isOver(options)) return response.setError(timeout());
    const events: ProposedEvent[] = [];
    try {
      events.push(...messages.map(readProposed));
      checkSize(events);
    } catch (error) {
      return response.setError(invalidArgument(error as ServerError));
    }
    return settle(response, expected, store.append(streamId, expected, events));
  }
}

function settle(
  response: streams.BatchAppendResp,
  expected: ExpectedRevision,
  result: AppendResult,
): streams.BatchAppendResp {
  if (result.kind === 'conflict') return response.setError(wrongExpectedVersion(expected, result.current));
  const position = new shared.AllStreamPosition()
    .setCommitPosition(String(result.position.commit))
    .setPreparePosition(String(result.position.prepare));
  const success = new streams.BatchAppendResp.Success().setPosition(position);
  if (result.revision === -1) success.setNoStream(new empty.Empty());
  else success.setCurrentRevision(String(result.revision));
  return response.setSuccess(success);
}

function expectedOf(options: Options): ExpectedRevision {
  const { STREAM_POSITION, NO_STREAM, ANY, STREAM_EXISTS, EXPECTED_STREAM_POSITION_NOT_SET } =
    streams.BatchAppendReq.Options.ExpectedStreamPositionCase;
  switch (options.getExpectedStreamPositionCase()) {
    case STREAM_POSITION:
      return Number(options.getStreamPosition());
    case NO_STREAM:
      return 'no-stream';
    case ANY:
      return 'any';
    case STREAM_EXISTS:
      return 'exists';
    case EXPECTED_STREAM_POSITION_NOT_SET:
      throw handlerThrew();
  }
}

function isOver(options: Options): boolean {
  const deadline = options.getDeadline();
  return deadline !== undefined && deadline.toDate().getTime() < Date.now();
}

interface Detail {
  serializeBinary(): Uint8Array;
}

function failure(code: number, message: string, name: string, detail: Detail): statuses.Status {
  const details = new any.Any();
  details.setTypeUrl(`type.googleapis.com/event_store.client.${name}`);
  details.setValue(detail.serializeBinary());
  const failed = new statuses.Status();
  failed.setCode(code);
  failed.setMessage(message);
  failed.setDetails(details);
  return failed;
}

const timeout = (): statuses.Status => failure(DEADLINE_EXCEEDED, 'Timeout', 'Timeout', new shared.Timeout());

function invalidArgument(error: ServerError): statuses.Status {
  if (error.metadata.get('exception')[0] === 'maximum-append-size-exceeded') {
    const detail = new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_BYTES);
    return failure(INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', 'MaximumAppendSizeExceeded', detail);
  }
  const detail = new shared.BadRequest().setMessage('The given key was not present in the dictionary.');
  return failure(INVALID_ARGUMENT, 'BadRequest', 'BadRequest', detail);
}

function wrongExpectedVersion(expected: ExpectedRevision, current: number): statuses.Status {
  const detail = new shared.WrongExpectedVersion();
  if (current === -1) detail.setCurrentNoStream(new empty.Empty());
  else detail.setCurrentStreamRevision(String(current));
  if (expected === 'any') detail.setExpectedAny(new empty.Empty());
  else if (expected === 'exists') detail.setExpectedStreamExists(new empty.Empty());
  else if (expected === 'no-stream') detail.setExpectedNoStream(new empty.Empty());
  else detail.setExpectedStreamPosition(String(expected));
  return failure(ALREADY_EXISTS, 'WrongExpectedVersion', 'WrongExpectedVersion', detail);
}
