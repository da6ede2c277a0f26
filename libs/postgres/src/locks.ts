import { createHash } from 'node:crypto';

/** Key of a PostgreSQL advisory lock: a bigint as decimal text, unlike those of other purposes and names. */
export const advisoryKey = (purpose: string, name: string): string =>
  createHash('sha256').update(`keyledger/${purpose}/${name}`).digest().readBigInt64BE().toString();
