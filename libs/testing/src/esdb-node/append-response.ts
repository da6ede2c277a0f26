import type { AppendResult, ExpectedRevision, LogPosition } from './log-store.js';
import { shared, streams } from './protocol.js';

/** A conflict is a field of the answer, not an error; the fields named 2060 are there for clients of that time. */
export function appendResponse(expected: ExpectedRevision, result: AppendResult): streams.AppendResp {
  if (result.kind === 'conflict') {
    return new streams.AppendResp().setWrongExpectedVersion(wrongExpectedVersion(expected, result.current));
  }
  const success = new streams.AppendResp.Success().setPosition(positionOf(result.position));
  if (result.revision === -1) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(result.revision));
  return new streams.AppendResp().setSuccess(success);
}

function positionOf({ commit, prepare }: LogPosition): streams.AppendResp.Position {
  const position = new streams.AppendResp.Position().setCommitPosition(String(commit));
  return position.setPreparePosition(String(prepare));
}

function wrongExpectedVersion(expected: ExpectedRevision, current: number): streams.AppendResp.WrongExpectedVersion {
  const message = new streams.AppendResp.WrongExpectedVersion();
  if (current === -1) {
    message.setNoStream2060(new shared.Empty()).setCurrentNoStream(new shared.Empty());
  } else {
    message.setCurrentRevision2060(current).setCurrentRevision(String(current));
  }
  return setExpected(message, expected);
}

function setExpected(
  message: streams.AppendResp.WrongExpectedVersion,
  expected: ExpectedRevision,
): streams.AppendResp.WrongExpectedVersion {
  switch (expected) {
    case 'any':
      return message.setAny2060(new shared.Empty()).setExpectedAny(new shared.Empty());
    case 'exists':
      return message.setStreamExists2060(new shared.Empty()).setExpectedStreamExists(new shared.Empty());
    case 'no-stream':
      // The other field is added by serializeAppendResponse.
      return message.setExpectedNoStream(new shared.Empty());
    default:
      return message.setExpectedRevision2060(expected).setExpectedRevision(String(expected));
  }
}

// The field expected_revision_2060 with the largest unsigned number of 64 bits.
const NO_STREAM_2060 = [0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];

/** To clients of that time the server names "no stream" by a number that the generated messages cannot write. */
export function serializeAppendResponse(response: streams.AppendResp): Buffer {
  const conflict = response.getWrongExpectedVersion();
  if (!conflict?.hasExpectedNoStream()) return Buffer.from(response.serializeBinary());
  const message = [...conflict.serializeBinary(), ...NO_STREAM_2060];
  return Buffer.from([0x12, message.length, ...message]);
}
