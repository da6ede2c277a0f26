export {
  findLocalPostgres,
  startLocalPostgres,
  type LocalPostgres,
  type LocalPostgresOptions,
} from './local-postgres.js';
export { LocalPostgresError } from './local-postgres-error.js';
