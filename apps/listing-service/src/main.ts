import { runService } from '@keyledger/edge';
import { listing } from '@keyledger/listing';

await runService({ name: 'listing-service', slices: [listing] });
