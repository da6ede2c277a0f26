import { ConfigError } from '@keyledger/edge';
import { LogReplaced, LogUnavailable } from '@keyledger/event-log';
import { LocalPostgresError } from '@keyledger/local-postgres';
import { WrongMasterKey } from '@keyledger/secrets';

const known = [ConfigError, LocalPostgresError, WrongMasterKey, LogReplaced, LogUnavailable];

const hints: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Stop what listens there, or set KEYLEDGER_HTTP_PORT or KEYLEDGER_GRPC_PORT to another port.',
  EADDRNOTAVAIL: 'Set KEYLEDGER_HOST to an address of this machine.',
  EACCES: 'Choose another port or folder, or start Keyledger as a user who may use it.',
  ECONNREFUSED: 'Check KEYLEDGER_DATABASE_URL, and that the database runs.',
  ENOTFOUND: 'Check the host in KEYLEDGER_DATABASE_URL.',
  '28P01': 'Check the user and the password in KEYLEDGER_DATABASE_URL.',
  '3D000': 'Create that database, or name another one in KEYLEDGER_DATABASE_URL.',
};

/** Why Keyledger cannot do what it was told, in one line that says what to do; a bug keeps its stack. */
export const explain = (verb: 'start' | 'rebuild', error: unknown): string => {
  if (!(error instanceof Error)) return `Keyledger cannot ${verb}: ${String(error)}`;
  if (known.some((kind) => error instanceof kind)) return `Keyledger cannot ${verb}: ${error.message}`;
  const code = Object.keys(hints).find(
    (name) => (error as { code?: unknown }).code === name || error.message.includes(name),
  );
  if (code !== undefined) return `Keyledger cannot ${verb}: ${error.message}. ${hints[code]}`;
  return `Keyledger cannot ${verb}: ${error.stack ?? error.message}`;
};
