import { makeSignInLink } from '@keyledger/console-host/sign-in-links';
import { findLocalIssuer, parseConfig } from '@keyledger/edge/tokens';

const USAGE = [
  'Usage: npm run --silent console [-- <address of Keyledger>]',
  'Prints a link that signs in to the console, once, within ten minutes.',
].join('\n');

const addressFrom = (given: string | undefined, httpPort: number): string => {
  if (given === undefined) return `http://localhost:${httpPort}`;
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given.replace(/\/+$/, '');
  throw new Error('The address must be a URL such as http://localhost:3000.');
};

const linkFor = async (given: string | undefined): Promise<string> => {
  const { localIssuer, dataDir, httpPort, console: isServed } = parseConfig(process.env);
  if (!isServed) throw new Error('The console is off: KEYLEDGER_CONSOLE is false.');
  if (!localIssuer) {
    throw new Error('The local issuer is off: people sign in to the console with the identity provider.');
  }
  const address = addressFrom(given, httpPort);
  // Without its key, no server was ever started on this folder, and none would take the link.
  await findLocalIssuer(dataDir);
  return makeSignInLink(dataDir, address);
};

try {
  const [given] = process.argv.slice(2);
  process.stdout.write(`${given === '--help' || given === '-h' ? USAGE : await linkFor(given)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
