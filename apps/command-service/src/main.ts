import { runService } from '@keyledger/edge';
import { issuing } from '@keyledger/issuing';

await runService({ name: 'command-service', slices: [issuing] });
