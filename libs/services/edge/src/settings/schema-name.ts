import type { Config } from './config.js';

/**
 * Name of a PostgreSQL schema of this installation, so that several can share a database. It needs no quoting: a
 * prefix has no underscore of its own, so no two installations have the same name.
 */
export const schemaName = ({ streamPrefix }: Pick<Config, 'streamPrefix'>, part: string): string =>
  `${streamPrefix.replaceAll('-', '_')}${part}`;
