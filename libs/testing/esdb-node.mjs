// Starts an EventStoreDB-protocol node by hand, from the sources: needs no build.
import './typescript-sources.mjs';

await import('./src/esdb-node/cli.ts');
