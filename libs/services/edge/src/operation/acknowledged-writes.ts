import type { Position } from '@keyledger/event-log';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** What every write concerns beside its account, so that listings over all accounts are fresh too. */
export const CATALOGUE = 'catalogue';

/**
 * The positions that this process has given to writers, so that its own reads show what it has acknowledged. A bounded
 * memory is enough: a write that has left it is long since applied.
 */
@Injectable()
export class AcknowledgedWrites {
  private readonly byScope = new LRUCache<string, Position>({ max: 10_000 });
  private newest: Position | undefined;

  note(scope: string, position: Position): void {
    const known = this.byScope.get(scope);
    if (known === undefined || known < position) this.byScope.set(scope, position);
    if (this.newest === undefined || this.newest < position) this.newest = position;
  }

  /** The newest acknowledged position about the account or the catalogue; null asks for all accounts. */
  latest(accountId: string | null): Position | undefined {
    if (accountId === null) return this.newest;
    const positions = [this.byScope.get(accountId), this.byScope.get(CATALOGUE)];
    return positions
      .filter((position) => position !== undefined)
      .sort()
      .at(-1);
  }
}
