import { runService } from '@keyledger/edge';
import { feed, publishing } from '@keyledger/publishing';

await runService({ name: 'event-publisher', slices: [publishing, feed] });
