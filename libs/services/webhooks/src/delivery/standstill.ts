/** Is reached once nothing has moved for so long. */
export class Standstill {
  readonly reached: Promise<void>;
  private timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.reached = new Promise((resolve) => {
      this.timer = setTimeout(resolve, ms);
    });
  }

  move(): void {
    this.timer?.refresh();
  }

  /** It is reached no more. */
  end(): void {
    clearTimeout(this.timer);
  }
}
