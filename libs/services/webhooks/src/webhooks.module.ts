import type { Slice } from '@keyledger/edge';
import { Module } from '@nestjs/common';

/** What is sent to the servers of accounts, and what they know it by. */
@Module({})
class WebhooksModule {}

export const webhooks: Slice = {
  module: () => WebhooksModule,
  needs: ['master-key'],
};
