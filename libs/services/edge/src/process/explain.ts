/** What to do about the codes of the operating system and of PostgreSQL that a start can meet. */
const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Stop what listens there, or set KEYLEDGER_HTTP_PORT or KEYLEDGER_GRPC_PORT to another port.',
  EADDRNOTAVAIL: 'Set KEYLEDGER_HOST to an address of this machine.',
  EACCES: 'Choose another port or folder, or start Keyledger as a user who may use it.',
  ENOSPC: 'Free some space on that disk.',
  EROFS: 'Set KEYLEDGER_DATA_DIR to a folder that can be written.',
  ECONNREFUSED: 'Check KEYLEDGER_DATABASE_URL, and that the database runs.',
  EAI_AGAIN: 'Check the host in KEYLEDGER_DATABASE_URL.',
  ENOTFOUND: 'Check the host in KEYLEDGER_DATABASE_URL.',
  '28P01': 'Check the user and the password in KEYLEDGER_DATABASE_URL.',
  '3D000': 'Create that database, or name another one in KEYLEDGER_DATABASE_URL.',
};

/** Kinds of errors that only a mistake in our code throws. */
const bugs = [TypeError, RangeError, ReferenceError];

/** grpc-js wraps the system's words for a port it cannot have into its own. */
const plain = (message: string): string => /listen E[^\]]*/.exec(message)?.[0] ?? message;

/** Why Keyledger cannot do what it was told, in one line that says what to do; a bug keeps its stack. */
export const explain = (verb: 'start' | 'rebuild' | 'copy the log' | 'republish', error: unknown): string => {
  const start = `Keyledger cannot ${verb}:`;
  if (!(error instanceof Error)) return `${start} ${String(error)}`;
  if (bugs.some((kind) => error instanceof kind)) return `${start} ${error.stack ?? error.message}`;
  const { code } = error as { code?: unknown };
  const hint = Object.keys(hints).find((name) => code === name || error.message.includes(name));
  return hint === undefined ? `${start} ${error.message}` : `${start} ${plain(error.message)}. ${hints[hint]}`;
};
