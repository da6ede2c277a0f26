// Provides an EventStoreDB from a process of its own, so that busy suites do not make it slow. To be forked: it tells its
// parent where the server is, and ends with it.
import './typescript-sources.mjs';

const { provideEventStore } = await import('./src/provide-event-store.ts');

const { stop, ...address } = await provideEventStore();
process.on('disconnect', () => void stop().finally(() => process.exit(0)));
process.send(address);
