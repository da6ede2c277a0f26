import { runToken } from './program.js';

export interface TokenWish {
  /** Role or roles of the caller. */
  readonly roles: readonly string[];
  /** Leave out for all accounts. */
  readonly accounts?: readonly string[];
  /** Name of the caller; by default the program makes one of the roles. */
  readonly subject?: string;
  readonly ttl?: string;
}

const made = new Map<string, Promise<string>>();

const make = async (dataDir: string, { roles, accounts = [], subject, ttl }: TokenWish): Promise<string> => {
  const args = [
    ...roles.flatMap((role) => ['--role', role]),
    ...accounts.flatMap((account) => ['--account', account]),
    ...(subject === undefined ? [] : ['--subject', subject]),
    ...(ttl === undefined ? [] : ['--ttl', ttl]),
  ];
  const { code, stdout, stderr } = await runToken(args, {
    KEYLEDGER_DATA_DIR: dataDir,
    KEYLEDGER_LOCAL_ISSUER: 'true',
  });
  if (code !== 0) throw new Error(`No token: ${stderr}`);
  return stdout.trim();
};

/** A token that `npm run token` makes for the server on `dataDir`; the same wish gives the same token. */
export const tokenFor = (dataDir: string, wish: TokenWish): Promise<string> => {
  const key = JSON.stringify([dataDir, wish]);
  const token = made.get(key) ?? make(dataDir, wish);
  made.set(key, token);
  return token;
};
