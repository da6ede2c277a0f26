import { audit } from '@keyledger/audit';
import { runService } from '@keyledger/edge';

await runService({ name: 'audit-service', slices: [audit] });
