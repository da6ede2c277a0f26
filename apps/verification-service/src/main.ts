import { runService } from '@keyledger/edge';
import { verification } from '@keyledger/verification';

await runService({ name: 'verification-service', slices: [verification] });
