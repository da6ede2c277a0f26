import { makeSignInLink } from '@keyledger/console-host';
import {
  loadCredentialTypes,
  logger,
  runService,
  type Announcer,
  type Config,
  type OwnDatabase,
} from '@keyledger/edge';
import { startLocalPostgres } from '@keyledger/local-postgres';
import { slices } from './slices.js';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const openDatabase = async (config: Config): Promise<OwnDatabase> => {
  // Before a database is made: mistakes in these files are mended first.
  loadCredentialTypes(config.credentialTypesDir);
  const log = logger(config);
  return startLocalPostgres({ dataDir: config.dataDir, onLog: (line) => log.info(line) });
};

const besideFeed = ({ kafkaBrokers, kafkaTopic }: Config): string =>
  kafkaBrokers === null ? '' : `, and to the topic ${kafkaTopic} of Kafka`;

/** With the local issuer the link to the console signs in, once. */
const waysIn = ({ console: isServed, dataDir, localIssuer }: Config, httpUrl: string): readonly string[] => [
  ...(isServed ? [`  Console   ${localIssuer ? makeSignInLink(dataDir, httpUrl) : `${httpUrl}/console/`}`] : []),
  ...(localIssuer ? ['  A token   npm run --silent token -- --role operator'] : []),
];

/** For the person at the terminal. */
const announcer = (config: Config, database: OwnDatabase | null): Announcer => ({
  starting: () => undefined,
  waiting: (reason) => say(`Waiting for the database and the log to answer: ${reason}`),
  listening: ({ httpUrl, grpcAddress }) => {
    say(`Keyledger is ready (${Math.round(process.uptime() * 10) / 10} s).`);
    say(`  HTTP      ${httpUrl}`);
    say(`  gRPC      ${grpcAddress}`);
    if (config.docs) say(`  API docs  ${httpUrl}/docs`);
    const callers = config.tlsClientCaFile === null ? '' : ', for callers with a certificate';
    if (config.tlsCertFile !== null) say(`  TLS       at both doors${callers}`);
    const engine = config.eventLog === 'postgres' ? 'PostgreSQL' : 'EventStoreDB';
    say(`  Log       ${engine}${config.readOnly ? ', read-only: every write is refused' : ''}`);
    if (database !== null) say(`  Data      ${database.location}`);
    say(`  Events    ${httpUrl}/v1/events${besideFeed(config)}`);
    for (const line of waysIn(config, httpUrl)) say(line);
  },
  stopping: (why) => say(`Stopping: ${why}`),
});

await runService({ name: 'all-in-one', slices, openDatabase, announcer });
