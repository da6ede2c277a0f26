import { runService } from '@keyledger/edge';
import { IssuingModule } from '@keyledger/issuing';

await runService({
  name: 'command-service',
  needs: ['master-key'],
  slices: async (foundation) => [await IssuingModule.open(foundation)],
});
