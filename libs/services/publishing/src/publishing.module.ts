import { Metrics, Readiness, type Foundation, type Slice } from '@keyledger/edge';
import { Module, type DynamicModule } from '@nestjs/common';

/** The public events, on their way to other services. */
@Module({})
class PublishingModule {
  /** Among all services in one process there is a publisher only if there are brokers, and its client is not loaded. */
  static async open({ config, log, pool }: Foundation): Promise<DynamicModule> {
    if (config.kafkaBrokers === null) return { module: PublishingModule };
    const { Publisher } = await import('./publisher.js');
    const publisher = {
      provide: Publisher,
      inject: [Readiness, Metrics],
      useFactory: (readiness: Readiness, metrics: Metrics) => new Publisher({ config, log, pool, readiness, metrics }),
    };
    return { module: PublishingModule, providers: [publisher] };
  }
}

export const publishing: Slice = { module: (foundation) => PublishingModule.open(foundation) };
