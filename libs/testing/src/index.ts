// The logs of tests begin as those of the product do.
export { firstEvent } from '@keyledger/domain';
export { createDatabase, setUnusualDefaults, type TestDatabase } from './create-database.js';
export { startEsdbNode, type EsdbNode } from './esdb-node/esdb-node.js';
export { startEsdbCluster, type EsdbCluster, type EsdbClusterOptions } from './esdb-node/esdb-cluster.js';
export type { EsdbNodeOptions } from './esdb-node/esdb-node-options.js';
export type { CallFault, CallKind } from './esdb-node/call-faults.js';
export { ServerError, consumerTooSlow, forwardingTimeout } from './esdb-node/errors.js';
export type { LogRecord, ProposedEvent } from './esdb-node/log-store.js';
export { provideEventStore, type ProvidedEventStore } from './provide-event-store.js';
export { TcpProxy } from './tcp-proxy.js';
