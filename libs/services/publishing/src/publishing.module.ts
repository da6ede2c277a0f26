import { FollowerRunner, Metrics, Readiness, schemaName, type Foundation, type Slice } from '@keyledger/edge';
import { Module, type DynamicModule } from '@nestjs/common';
import { measurePublishing } from './publisher-metrics.js';

const whenReplaced = (schema: string): string =>
  `drop schema ${schema} cascade, then start again: all events are sent from the first one on.`;

/** The public events, on their way to other services. One instance sends them, the others stand by. */
@Module({})
class PublishingModule {
  /** Among all services in one process there is a publisher only if there are brokers, and its client is not loaded. */
  static async open(foundation: Foundation): Promise<DynamicModule> {
    if (foundation.config.kafkaBrokers === null) return { module: PublishingModule };
    const { PublicationSink } = await import('./publication.js');
    const publisher = {
      provide: FollowerRunner,
      inject: [Readiness, Metrics],
      useFactory: async (readiness: Readiness, metrics: Metrics) => {
        const { log, config } = foundation;
        const sink = PublicationSink.open(foundation, metrics.registry);
        const schema = schemaName(config, 'publishing');
        const followed = { name: 'publisher', sink, whenReplaced: whenReplaced(schema), mayLag: true };
        const runner = await FollowerRunner.start(followed, { log, readiness, metrics });
        measurePublishing({ runner, log }, metrics.registry);
        return runner;
      },
    };
    return { module: PublishingModule, providers: [publisher] };
  }
}

export const publishing: Slice = { module: (foundation) => PublishingModule.open(foundation) };
