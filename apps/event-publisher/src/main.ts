import { runService } from '@keyledger/edge';
import { publishing } from '@keyledger/publishing';

await runService({ name: 'event-publisher', slices: [{ ...publishing, needs: ['brokers'] }] });
