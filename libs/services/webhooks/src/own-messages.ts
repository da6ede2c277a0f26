import { FollowerRunner, Metrics, Readiness, UsageTables, type Foundation } from '@keyledger/edge';
import { PostgresSink, prepareTables } from '@keyledger/read-models';
import type { Provider } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { schemasOf } from './delivery/tables.js';
import { NoticeRounds } from './notices/notice-rounds.js';
import { NoticeSweep } from './notices/notice-sweep.js';
import { timesProjection } from './notices/times-projection.js';
import { OwnEventsSink } from './own-events/own-events-sink.js';

const OWN_EVENTS = Symbol('own events');
const TIMES = Symbol('times');

/** What is sent without anybody's asking: the events of accounts, and what time brings about. Needs the tables. */
export const ownMessageProviders = ({ config, pool, log }: Foundation): readonly Provider[] => {
  const { webhooks: schema } = schemasOf(config);
  const projection = timesProjection(config);
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
      provide: TIMES,
      inject: [Readiness, Metrics],
      useFactory: async (readiness: Readiness, metrics: Metrics) => {
        await prepareTables(pool, projection);
        const { name } = projection;
        const whenReplaced = `npm run rebuild -- ${name}, then start again.`;
        const followed = { name, sink: new PostgresSink(pool, projection), whenReplaced, mayLag: true };
        return FollowerRunner.start(followed, { log, readiness, metrics });
      },
    },
    {
      provide: NoticeRounds,
      inject: [Accounts, TIMES],
      useFactory: async (endpoints: Accounts, times: FollowerRunner) => {
        const usage = await UsageTables.open(pool, config);
        const { logId } = log;
        const expiryDays = config.webhookExpiryDays;
        const sweep = await NoticeSweep.open({ pool, config, logId, expiryDays, usage, endpoints, schema });
        return new NoticeRounds(sweep, times);
      },
    },
  ];
};
