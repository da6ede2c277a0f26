import { v5 } from 'uuid';
import type { EventLog, RecordedEvent } from '../event-log.js';

/** The id of a command's event number `index`: a retry of the command writes the same ids. */
export const commandEventId = (commandId: string, index: number): string => v5(String(index), commandId);

/** Events at or after `fromRevision` of the given commands, by command id. Reads no further than it must. */
export const findCommands = async (
  log: Pick<EventLog, 'readStream'>,
  streamId: string,
  fromRevision: number,
  commandIds: readonly string[],
): Promise<Map<string, readonly RecordedEvent[]>> => {
  const byFirstEvent = new Map(commandIds.map((commandId) => [commandEventId(commandId, 0), commandId]));
  const found = new Map<string, RecordedEvent[]>();
  let last: { readonly commandId: string; readonly events: RecordedEvent[] } | undefined;
  for await (const page of log.readStream(streamId, Math.max(0, fromRevision))) {
    for (const event of page) {
      if (last !== undefined && event.id === commandEventId(last.commandId, last.events.length)) {
        last.events.push(event);
        continue;
      }
      // The events of a command follow each other.
      if (found.size === commandIds.length) return found;
      const commandId = byFirstEvent.get(event.id);
      last = commandId === undefined ? undefined : { commandId, events: [event] };
      if (last !== undefined) found.set(last.commandId, last.events);
    }
  }
  return found;
};
