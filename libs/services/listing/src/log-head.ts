import { setTimeout as delay } from 'node:timers/promises';
import { AcknowledgedWrites, EVENT_LOG, ReadGate, type Call, type ReadModelProgress } from '@keyledger/edge';
import { Inject, Injectable } from '@nestjs/common';
import { comparePositions, type Position } from '@keyledger/event-log';
import type { EventLog } from '@keyledger/event-log';

const ASK_EVERY_MS = 25;

/** The log itself, as something that a read can wait for: other processes may write what a caller waits for. */
const progressOf = (log: EventLog): ReadModelProgress => ({
  checkpoint: () => log.head(),
  waitForPosition: async (position, timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      if (comparePositions(await log.head(), position) >= 0) return true;
      if (performance.now() >= deadline) return false;
      await delay(ASK_EVERY_MS);
    }
  },
});

/** Where the last event of the log stands. */
@Injectable()
export class LogHead {
  private readonly gate: ReadGate;

  constructor(@Inject(EVENT_LOG) log: EventLog, acknowledged: AcknowledgedWrites) {
    this.gate = new ReadGate(log.logId, progressOf(log), acknowledged);
  }

  read(call: Call): Promise<Position> {
    return this.gate.ready(call, null);
  }
}
