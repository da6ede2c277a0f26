import { parseArgs } from 'node:util';
import { idForms } from '@keyledger/domain';
import { issueToken, mayHoldAll, openLocalIssuer, parseConfig, roles, type Role } from '@keyledger/edge';

const USAGE = [
  'Usage: npm run --silent token -- --role <role> [--role <role>] [--account acct_…] [--subject <name>] [--ttl 1h]',
  `Roles: ${roles.join(', ')}.`,
  'Without --account the token is for all accounts, which only operator, auditor and verifier may have.',
].join('\n');

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

class UsageError extends Error {}

const isRole = (text: string): text is Role => roles.some((role) => role === text);

const seconds = (text: string): number => {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const ttl = Number(count) * (units[unit] ?? NaN);
  if (!(ttl > 0)) throw new UsageError('--ttl must be a time such as 30m, 1h or 7d.');
  return ttl;
};

/** The first rule that the arguments break, in words. */
const mistakeIn = (asked: readonly string[], accounts: readonly string[]): string | undefined => {
  if (asked.length === 0) return '--role is missing.';
  const stranger = asked.find((role) => !isRole(role));
  if (stranger !== undefined) return `There is no role ${stranger}.`;
  const malformed = accounts.find((account) => !idForms.accountId.test(account));
  if (malformed !== undefined) return `${malformed} is not an account id.`;
  const bound = accounts.length === 0 ? asked.find((role) => !mayHoldAll.has(role)) : undefined;
  return bound === undefined ? undefined : `The role ${bound} needs --account.`;
};

const requestFrom = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({ args: [...args], options: { role: list, account: list, subject: text, ttl: text } });
  const { role: asked = [], account: accounts = [], subject = `local-${asked.join('-')}`, ttl = '1h' } = values;
  const mistake = mistakeIn(asked, accounts);
  if (mistake !== undefined) throw new UsageError(mistake);
  return {
    subject,
    roles: asked.filter(isRole),
    accounts: accounts.length === 0 ? ('*' as const) : accounts,
    ttlSeconds: seconds(ttl),
  };
};

try {
  const config = parseConfig(process.env);
  if (!config.localIssuer) {
    throw new UsageError('The local issuer is off: set KEYLEDGER_LOCAL_ISSUER=true (never in production).');
  }
  const request = requestFrom(process.argv.slice(2));
  process.stdout.write(`${await issueToken(await openLocalIssuer(config.dataDir), request)}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n${USAGE}\n`);
  process.exitCode = 1;
}
