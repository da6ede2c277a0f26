import { AuditModule } from '@keyledger/audit';
import { openFoundation, parseConfig, runUntilStopped, startServer } from '@keyledger/edge';
import { IssuingModule } from '@keyledger/issuing';
import { ListingModule } from '@keyledger/listing';
import { IdleFollowers } from './idle-followers.js';

/** What `npm start` runs, and beside it as many idle followers as the last message of the parent process says. */
await runUntilStopped(async () => {
  const config = parseConfig(process.env, ['database', 'master-key']);
  const foundation = await openFoundation(config, config.databaseUrl ?? '');
  const slices = [await IssuingModule.open(foundation), ListingModule, AuditModule];
  const server = await startServer(foundation, slices);
  const idle = new IdleFollowers(foundation.log);
  process.on('message', (count: number) => {
    void idle.run(count).then(() => process.send?.(process.cpuUsage()));
  });
  process.stdout.write(`HTTP ${server.httpUrl}\n`);
  return { server, foundation, onStopping: () => undefined };
});
