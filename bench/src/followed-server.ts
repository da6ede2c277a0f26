import { audit } from '@keyledger/audit';
import { runService, type Slice } from '@keyledger/edge';
import { issuing } from '@keyledger/issuing';
import { listing } from '@keyledger/listing';
import { Module } from '@nestjs/common';
import { IdleFollowers } from './idle-followers.js';

@Module({})
class IdleModule {}

/** As many idle followers as the last message of the parent process says. */
const idleFollowers: Slice = {
  module: ({ log }) => {
    const idle = new IdleFollowers(log);
    process.on('message', (count: number) => {
      void idle.run(count).then(() => process.send?.(process.cpuUsage()));
    });
    return IdleModule;
  },
};

/** What `npm start` runs, and idle followers beside it. */
await runService({ name: 'followed-server', slices: [issuing, listing, audit, idleFollowers] });
