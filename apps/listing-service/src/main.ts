import { runService } from '@keyledger/edge';
import { ListingModule } from '@keyledger/listing';

await runService({ name: 'listing-service', slices: () => [ListingModule] });
