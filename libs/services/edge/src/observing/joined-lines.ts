import { LRUCache } from 'lru-cache';

/** How long the same is one line, and one more that counts the others. */
const JOINED_MS = 10_000;

/** What is joined at a time; the count of what was quiet longest is written early. */
const MAX_JOINED = 1_000;

/** Writes the line. `more` is 0 for the first, and else how many it stands for. */
type Tell = (more: number) => void;

interface Repeats {
  more: number;
  readonly tell: Tell;
  readonly timer: NodeJS.Timeout;
}

/** Lines that may come as often as requests: repeats are joined, so that they push no other lines out of the log. */
export class JoinedLines {
  private readonly repeats = new LRUCache<string, Repeats>({
    max: MAX_JOINED,
    dispose: ({ more, tell, timer }) => {
      clearTimeout(timer);
      if (more > 0) tell(more);
    },
  });

  /** What has the same key is the same. */
  note(key: string, tell: Tell): void {
    const known = this.repeats.get(key);
    if (known !== undefined) {
      known.more += 1;
      return;
    }
    tell(0);
    const timer = setTimeout(() => this.repeats.delete(key), JOINED_MS).unref();
    this.repeats.set(key, { more: 0, tell, timer });
  }

  /** Writes what is still counted. */
  end(): void {
    this.repeats.clear();
  }
}
