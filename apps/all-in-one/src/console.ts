import { makeSignInLink } from '@keyledger/console-host/sign-in-links';
import type { Config } from '@keyledger/edge';
import { findLocalIssuer, parseConfig } from '@keyledger/edge/tokens';

const USAGE = [
  'Usage: npm run --silent console [-- <address of Keyledger>]',
  'Prints a link that signs in to the console, once, within ten minutes.',
].join('\n');

/** As `npm start` names it: another name of this machine would be another place to sign in to, for a browser. */
const ownAddress = ({ httpPort, tlsCertFile }: Config): string =>
  `${tlsCertFile === null ? 'http' : 'https'}://127.0.0.1:${httpPort}`;

const addressFrom = (given: string | undefined, config: Config): string => {
  if (given === undefined) return ownAddress(config);
  if (/^https?:\/\//.test(given) && URL.canParse(given)) return given.replace(/\/+$/, '');
  throw new Error('The address must be a URL such as http://127.0.0.1:3000.');
};

const linkFor = async (given: string | undefined): Promise<string> => {
  const config = parseConfig(process.env);
  const { localIssuer, dataDir, console: isServed } = config;
  if (!isServed) throw new Error('The console is off: KEYLEDGER_CONSOLE is false.');
  if (!localIssuer) {
    throw new Error('The local issuer is off: people sign in to the console with the identity provider.');
  }
  const address = addressFrom(given, config);
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
