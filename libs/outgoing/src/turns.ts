interface Line {
  running: number;
  /** In the order in which they came. */
  readonly waiting: Set<() => void>;
}

/** Lets so many calls to one origin run at a time. The others wait, and one that gives up costs nothing more. */
export class Turns {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly most: number) {}

  /** Begins at once or later. What it gives back ends the turn, or the wait for it, and is called once. */
  take(origin: string, begin: () => void): () => void {
    const line = this.#lines.get(origin) ?? { running: 0, waiting: new Set() };
    this.#lines.set(origin, line);
    if (line.running < this.most) {
      line.running += 1;
      begin();
    } else {
      line.waiting.add(begin);
    }
    return () => this.#end(origin, line, begin);
  }

  #end(origin: string, line: Line, begin: () => void): void {
    if (line.waiting.delete(begin)) return;
    const [next] = line.waiting;
    if (next !== undefined) {
      line.waiting.delete(next);
      next();
      return;
    }
    line.running -= 1;
    if (line.running === 0) this.#lines.delete(origin);
  }
}
