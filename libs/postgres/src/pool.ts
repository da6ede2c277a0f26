import pg from 'pg';

type Settings = Readonly<Record<string, string>>;

/**
 * Everything that the text of a value, or the meaning of a statement, can depend on. Given while connecting, it beats
 * what ALTER DATABASE, ALTER ROLE and the server's configuration say. Our SQL names the schema of everything of ours.
 */
const SETTINGS: Settings = {
  datestyle: 'ISO,MDY',
  timezone: 'UTC',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  search_path: 'pg_catalog,pg_temp',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
  // Our statements are short. Up to PostgreSQL 17 one with a kind of plan that its pool forbids seems so dear that it
  // would be compiled each time, which takes seconds.
  jit: 'off',
};

const asOptions = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');

/** The driver would take options in the URL instead of ours. They come first, so that ours win. */
const takeOptions = (connectionString: string): { url: string; given: string } => {
  const [address = '', query = ''] = connectionString.split('?');
  const parameters = new URLSearchParams(query);
  const given = parameters.get('options');
  if (given === null) return { url: connectionString, given: process.env['PGOPTIONS'] ?? '' };
  parameters.delete('options');
  return { url: `${address}?${parameters.toString()}`, given };
};

/** The statement under way rejects as well. An error event that nobody listens to would end the process. */
const rejectionTells = (): void => undefined;

/**
 * Connections whose answers depend on no setting of the database, its roles or the environment. `config` brings size
 * and deadlines, `settings` more of the session's. A lost connection rejects what is under way, and never ends the
 * process.
 */
export const openPool = (connectionString: string, config: pg.PoolConfig = {}, settings: Settings = {}): pg.Pool => {
  const { url, given } = takeOptions(connectionString);
  const options = `${given} ${asOptions({ ...settings, ...SETTINGS })}`;
  const pool = new pg.Pool({ ...config, connectionString: url, options });
  pool.on('error', rejectionTells);
  pool.on('connect', (client) => client.on('error', rejectionTells));
  return pool;
};
