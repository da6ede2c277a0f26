import type * as contract from '@keyledger/contract';
import { Answer, Problem, type Call } from '@keyledger/edge';
import type { Position } from '@keyledger/event-log';
import { isPassing } from '@keyledger/postgres';
import { FollowerPositions, type VerifierPosition } from '@keyledger/read-models';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/** The write is done, and must not look as if it had failed. */
const untold = (position: Position): Problem => {
  const detail =
    `The change is stored, at ${position}, but the database does not tell which verifiers know of it. ` +
    `Ask later: GET /v1/positions/${position}.`;
  return Object.assign(new Problem('position-not-reached', detail), { facts: { position } });
};

/** Tells those who wait for it which verifiers know of what they have written. */
@Injectable()
export class Receipts implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(private readonly positions: FollowerPositions) {}

  /** Who waits is told what is known by then, rather than cut off. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** The answer at once, or with the receipt if the call waits for it. */
  async addTo<T extends contract.PositionReply>(
    answer: Answer<T>,
    call: Call,
  ): Promise<Answer<contract.WithReceipt<T>>> {
    if (call.waitsForVerifiers !== true) return answer;
    const { body, position, revision, replayed } = answer;
    const verifiers = await this.verifiersPast(position);
    return new Answer({ ...body, verifiers }, position, revision, replayed);
  }

  private async verifiersPast(position: Position): Promise<readonly VerifierPosition[]> {
    try {
      return await this.positions.waitForVerifiers(position, undefined, this.stopping.signal);
    } catch (error) {
      throw isPassing(error) ? untold(position) : error;
    }
  }
}
