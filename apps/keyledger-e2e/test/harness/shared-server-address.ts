/** Environment variable in which the global setup tells where the shared servers are: one for each worker of Jest. */
export const SHARED_SERVERS = 'KEYLEDGER_TEST_SHARED_SERVERS';

export interface ServerAddress {
  readonly httpUrl: string;
  readonly grpcAddress: string;
  /** Its tokens are made with the key that lies here. */
  readonly dataDir: string;
}
