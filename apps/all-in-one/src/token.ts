import { parseArgs } from 'node:util';
import { issueToken, openLocalIssuer, parseConfig, roles, type Role } from '@keyledger/edge';

const USAGE = `Usage: npm run --silent token -- --role <role> [--role <role>] [--account acct_…] [--subject <name>] [--ttl 1h]
Roles: ${roles.join(', ')}. Without --account the token is for all accounts, which only operator, auditor and verifier may have.`;

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const accountForm = /^acct_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const mayHoldAll: ReadonlySet<string> = new Set(['operator', 'auditor', 'verifier']);

class UsageError extends Error {}

const isRole = (text: string): text is Role => roles.some((role) => role === text);

const seconds = (text: string): number => {
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const ttl = Number(count) * (units[unit] ?? NaN);
  if (!(ttl > 0)) throw new UsageError('--ttl must be a time such as 30m, 1h or 7d.');
  return ttl;
};

const requestFrom = (args: readonly string[]) => {
  const text = { type: 'string' } as const;
  const list = { type: 'string', multiple: true } as const;
  const options = { role: list, account: list, subject: text, ttl: text };
  const { values } = parseArgs({ args: [...args], options });
  const asked = values.role ?? [];
  const accounts = values.account ?? [];
  if (asked.length === 0) throw new UsageError('--role is missing.');
  const stranger = asked.find((role) => !isRole(role));
  if (stranger !== undefined) throw new UsageError(`There is no role ${stranger}.`);
  const malformed = accounts.find((account) => !accountForm.test(account));
  if (malformed !== undefined) throw new UsageError(`${malformed} is not an account id.`);
  const bound = asked.find((role) => accounts.length === 0 && !mayHoldAll.has(role));
  if (bound !== undefined) throw new UsageError(`The role ${bound} needs --account.`);
  return {
    subject: values.subject ?? `local-${asked.join('-')}`,
    roles: asked.filter(isRole),
    accounts: accounts.length === 0 ? ('*' as const) : accounts,
    ttlSeconds: seconds(values.ttl ?? '1h'),
  };
};

try {
  const config = parseConfig(process.env);
  if (!config.localIssuer)
    throw new UsageError('The local issuer is off: set KEYLEDGER_LOCAL_ISSUER=true (never in production).');
  const request = requestFrom(process.argv.slice(2));
  process.stdout.write(`${await issueToken(await openLocalIssuer(config.dataDir), request)}\n`);
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n${USAGE}\n`);
  process.exitCode = 1;
}
