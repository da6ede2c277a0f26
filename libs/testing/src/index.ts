// The logs of tests begin as those of the product do.
export { firstEvent } from '@keyledger/domain';
export { CertificateAuthority } from './certificates.js';
export { createDatabase, setUnusualDefaults, type TestDatabase } from './create-database.js';
export { startEsdbNode, type EsdbNode } from './esdb-node/esdb-node.js';
export { startEsdbCluster, type EsdbCluster } from './esdb-node/esdb-cluster.js';
export type { EsdbNodeOptions } from './esdb-node/esdb-node-options.js';
export type { CallFault } from './esdb-node/call-faults.js';
export { ServerError, forwardingTimeout } from './esdb-node/errors.js';
export { provideEventStore, type ProvidedEventStore } from './provide-event-store.js';
export { KafkaBroker } from './kafka-broker.js';
export { TcpProxy } from './tcp-proxy.js';
export { TopicReader, type Audit, type ReadMessage } from './topic-reader.js';
