// The EventStoreDB of a run, in a process of its own, so that busy suites do not make it slow. Tells its parent where it
// is, and ends with it.
import '../../../../libs/testing/typescript-sources.mjs';

const { provideEventStore } = await import('@keyledger/testing');

const { stop, ...address } = await provideEventStore();
process.on('disconnect', () => void stop().finally(() => process.exit(0)));
process.send(address);
