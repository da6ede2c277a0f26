import pg from 'pg';

const SIZE = 16;

/**
 * Connections of its own, so that a burst of deliveries keeps no request waiting. All that is asked on them finds its
 * rows by an index; the planner must not think otherwise because it knew a table when it was small.
 */
export const openDeliveryPool = ({ options }: pg.Pool): pg.Pool => {
  const plans = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';
  const pool = new pg.Pool({ ...options, max: SIZE, options: `${options.options ?? ''} ${plans}` });
  // The statement under way rejects as well. An error event that nobody listens to would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};
