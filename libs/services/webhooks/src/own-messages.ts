import { FollowerRunner, Metrics, Readiness, UsageTables, type Foundation } from '@keyledger/edge';
import type { Provider } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { schemasOf } from './delivery/tables.js';
import { NoticeRounds } from './notices/notice-rounds.js';
import { NoticeSweep } from './notices/notice-sweep.js';
import { OwnEventsSink } from './own-events/own-events-sink.js';

const OWN_EVENTS = Symbol('own events');

/** What is sent without anybody's asking: the events of accounts, and what time brings about. Needs the tables. */
export const ownMessageProviders = ({ config, pool, log }: Foundation): readonly Provider[] => {
  const { webhooks: schema } = schemasOf(config);
  return [
    {
      provide: OWN_EVENTS,
      inject: [Accounts, Readiness, Metrics],
      useFactory: (endpoints: Accounts, readiness: Readiness, metrics: Metrics) => {
        const sink = new OwnEventsSink({ pool, config, log, endpoints, schema });
        // It begins anew by itself.
        const whenReplaced = 'start again.';
        const followed = { name: 'webhook_events', sink, whenReplaced, mayLag: true };
        return FollowerRunner.start(followed, { log, readiness, metrics });
      },
    },
    {
      provide: NoticeRounds,
      inject: [Accounts],
      useFactory: async (endpoints: Accounts) => {
        const usage = await UsageTables.open(pool, config);
        const { logId } = log;
        const expiryDays = config.webhookExpiryDays;
        const sweep = await NoticeSweep.open({ pool, config, logId, expiryDays, usage, endpoints, schema });
        return new NoticeRounds(sweep, endpoints.progress);
      },
    },
  ];
};
