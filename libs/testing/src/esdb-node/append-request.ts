import { handlerThrew, MAX_APPEND_BYTES, missingProperty, noExpectation, tooLarge } from './errors.js';
import type { ExpectedRevision, ProposedEvent } from './log-store.js';
import { nameOf, streams } from './protocol.js';

interface AppendRequest {
  readonly streamId: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the messages of one unary append; throws what the server answers to a bad one. */
export function readAppendRequest(messages: readonly streams.AppendReq[]): AppendRequest {
  const options = messages[0]?.getOptions();
  if (!options) throw handlerThrew();
  const streamId = nameOf(options.getStreamIdentifier());
  const expected = expectedOf(options);
  if (streamId === '') throw handlerThrew();
  const proposed = messages.slice(1).map((message) => message.getProposedMessage());
  const events = proposed.map((message) => readProposed(message ?? new streams.AppendReq.ProposedMessage()));
  checkSize(events);
  return { streamId, expected, events };
}

/** Throws if the data of the events together is over the limit; their metadata does not count. */
function checkSize(events: readonly ProposedEvent[]): void {
  if (events.reduce((sum, event) => sum + event.data.length, 0) > MAX_APPEND_BYTES) throw tooLarge();
}

function expectedOf(options: streams.AppendReq.Options): ExpectedRevision {
  const { REVISION, NO_STREAM, ANY, STREAM_EXISTS, EXPECTED_STREAM_REVISION_NOT_SET } =
    streams.AppendReq.Options.ExpectedStreamRevisionCase;
  switch (options.getExpectedStreamRevisionCase()) {
    case REVISION:
      return Number(options.getRevision());
    case NO_STREAM:
      return 'no-stream';
    case ANY:
      return 'any';
    case STREAM_EXISTS:
      return 'exists';
    case EXPECTED_STREAM_REVISION_NOT_SET:
      throw noExpectation();
  }
}

function readProposed(message: streams.AppendReq.ProposedMessage): ProposedEvent {
  const type = message.getMetadataMap().get('type');
  const contentType = message.getMetadataMap().get('content-type');
  if (type === undefined) throw missingProperty('type');
  if (contentType === undefined) throw missingProperty('content-type');
  const id = message.getId()?.getString() ?? '';
  if (type === '' || !UUID.test(id)) throw handlerThrew();
  const data = message.getData_asU8();
  return { id: id.toLowerCase(), type, contentType, data, metadata: message.getCustomMetadata_asU8() };
}
