import { runService } from '@keyledger/edge';
import { webhooks } from '@keyledger/webhooks';

await runService({ name: 'webhook-service', slices: [webhooks] });
