import { parseArgs } from 'node:util';
import { idForms } from '@keyledger/domain';
import {
  duration,
  findLocalIssuer,
  issueToken,
  mayHoldAll,
  parseConfig,
  roles,
  SUBJECT,
  type Role,
} from '@keyledger/edge/tokens';

const USAGE = [
  'Usage: npm run --silent token -- --role <role> [--role <role>] [--account acct_…] [--subject <name>] [--ttl 1h]',
  `Roles: ${roles.join(', ')}.`,
  'Without --account the token is for all accounts, which only operator, auditor and verifier may have.',
].join('\n');

class UsageError extends Error {}

const isRole = (text: string): text is Role => roles.some((role) => role === text);

const ttlSeconds = (text: string, mostSeconds: number): number => {
  const ttl = duration(text);
  if (ttl === undefined) throw new UsageError('--ttl must be a time such as 30m, 1h or 12h.');
  if (ttl > mostSeconds) throw new UsageError('--ttl must be at most what KEYLEDGER_TOKEN_MAX_LIFETIME says (24h).');
  return ttl;
};

const requireSubject = (text: string): string => {
  if (SUBJECT.test(text)) return text;
  throw new UsageError('--subject must have 1 to 255 characters, and no control characters.');
};

/** The first rule that the arguments break, in words. */
const mistakeIn = (asked: readonly string[], accounts: readonly string[]): string | undefined => {
  if (asked.length === 0) return '--role is missing.';
  const stranger = asked.find((role) => !isRole(role));
  if (stranger !== undefined) return `There is no role ${stranger}.`;
  const malformed = accounts.find((account) => !idForms.accountId.test(account));
  if (malformed !== undefined) return `${malformed} is not an account id.`;
  if (accounts.length > 0 && asked.includes('operator')) return 'An operator has all accounts: leave --account out.';
  const bound = accounts.length === 0 ? asked.find((role) => !mayHoldAll.has(role)) : undefined;
  return bound === undefined ? undefined : `The role ${bound} needs --account.`;
};

const options = {
  role: { type: 'string', multiple: true },
  account: { type: 'string', multiple: true },
  subject: { type: 'string' },
  ttl: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const argumentsOf = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

const tokenFor = async (wish: ReturnType<typeof argumentsOf>): Promise<string> => {
  const { role: asked = [], account: accounts = [], subject = `local-${asked.join('-')}`, ttl = '1h' } = wish;
  const mistake = mistakeIn(asked, accounts);
  if (mistake !== undefined) throw new UsageError(mistake);
  const { localIssuer, dataDir, tokenMaxLifetime } = parseConfig(process.env);
  if (!localIssuer) throw new Error('The local issuer is off: set KEYLEDGER_LOCAL_ISSUER=true (never in production).');
  return issueToken(await findLocalIssuer(dataDir), {
    subject: requireSubject(subject),
    roles: asked.filter(isRole),
    accounts: accounts.length === 0 ? '*' : accounts,
    ttlSeconds: ttlSeconds(ttl, tokenMaxLifetime),
  });
};

try {
  const wish = argumentsOf(process.argv.slice(2));
  process.stdout.write(`${wish.help === true ? USAGE : await tokenFor(wish)}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n${error instanceof UsageError ? `${USAGE}\n` : ''}`);
  process.exitCode = 1;
}
