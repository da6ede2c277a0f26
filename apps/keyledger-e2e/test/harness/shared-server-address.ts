/** Environment variable in which the global setup tells the suites where the shared server is. */
export const SHARED_SERVER = 'KEYLEDGER_TEST_SHARED_SERVER';

export interface ServerAddress {
  readonly httpUrl: string;
  readonly grpcAddress: string;
  /** Its tokens are made with the key that lies here. */
  readonly dataDir: string;
}
