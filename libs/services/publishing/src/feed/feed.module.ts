import { FollowerRunner, Metrics, Readiness, type Foundation, type Slice } from '@keyledger/edge';
import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { eventService } from './event-service.js';
import { feedRoute } from './feed-route.js';
import { Feed } from './feed.js';
import { LatestEvents } from './latest-events.js';

const WHEN_REPLACED = 'start this process again.';

/** The public events, for those who ask this process for them. */
@Module({})
class FeedModule {
  static async open({ config, log }: Foundation): Promise<DynamicModule> {
    const { streamPrefix, feedSubscribers: mostSubscribers } = config;
    const latest = await LatestEvents.open(log, streamPrefix);
    const follower = {
      provide: FollowerRunner,
      inject: [Readiness, Metrics],
      useFactory: (readiness: Readiness, metrics: Metrics) => {
        const followed = { name: 'feed', sink: latest, whenReplaced: WHEN_REPLACED, mayLag: true };
        return FollowerRunner.start(followed, { log, readiness, metrics });
      },
    };
    const feed = {
      provide: Feed,
      inject: [Metrics, FollowerRunner],
      useFactory: ({ registry }: Metrics) => new Feed({ log, latest, streamPrefix, mostSubscribers, registry }),
    };
    return { module: FeedModule, providers: [follower, feed] };
  }
}

const logger = new Logger('feed');

export const feed: Slice = {
  module: (foundation) => FeedModule.open(foundation),
  routes: (find) => [feedRoute(find(Feed), (error) => logger.error(error))],
  services: (find) => [eventService(find(Feed))],
};
