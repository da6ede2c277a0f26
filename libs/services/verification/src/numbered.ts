/** Things by a number that fits into a record, and by their key. Numbers of what is gone are used again. */
export class Numbered<T> {
  private readonly things: (T | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly free: number[] = [];

  numberOf(key: string): number | undefined {
    return this.numbers.get(key);
  }

  get(number: number): T | undefined {
    return this.things[number];
  }

  set(key: string, thing: T): number {
    const number = this.numbers.get(key) ?? this.free.pop() ?? this.things.length;
    this.things[number] = thing;
    this.numbers.set(key, number);
    return number;
  }

  remove(key: string): void {
    const number = this.numbers.get(key);
    if (number === undefined) return;
    this.numbers.delete(key);
    this.things[number] = undefined;
    this.free.push(number);
  }
}
