/** The local PostgreSQL cannot do what was asked. Its message is one line that says what to do; show it as it is. */
export class LocalPostgresError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LocalPostgresError';
  }
}

/** Whether `error` is one of the operating system with one of these codes (`ENOENT` and its like). */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
