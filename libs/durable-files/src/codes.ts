/** Whether `error` is one of the operating system with one of these codes (`ENOENT` and its like). */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));

/** Null for an error with that code; any other is thrown on. */
export const unlessCode =
  (code: string) =>
  (error: unknown): null => {
    if (!hasCode(error, code)) throw error;
    return null;
  };
