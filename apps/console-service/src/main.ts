import { consoleHost } from '@keyledger/console-host';
import { runService } from '@keyledger/edge';

await runService({ name: 'console-service', slices: [consoleHost(new URL('../../console/dist/', import.meta.url))] });
