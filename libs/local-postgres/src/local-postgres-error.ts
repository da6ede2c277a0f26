/** The local PostgreSQL cannot do what was asked. Its message is one line that says what to do; show it as it is. */
export class LocalPostgresError extends Error {
  override readonly name = 'LocalPostgresError';
}
