import { callerOf, drained, readers, type GrpcService } from '@keyledger/edge';
import type { Feed } from './feed.js';
import type { FeedEvent } from './latest-events.js';
import type { Outlet } from './subscription.js';

/** As the loader makes it. */
interface SubscribeMessage {
  readonly from?: string | null;
  readonly types: readonly string[];
}

const messageOf = ({ event }: FeedEvent): object => ({
  event: {
    ...{ id: event.id, source: event.source, type: event.type, subject: event.subject },
    ...{ time: new Date(event.time), dataSchema: event.dataschema, accountId: event.partitionkey },
    ...{ sequence: Number(event.sequence), data: JSON.stringify(event.data) },
  },
  position: event.position,
});

type Call = Parameters<GrpcService['handlers'][string]>[0];

class MessageStream implements Outlet {
  constructor(private readonly call: Call) {}

  send(events: readonly FeedEvent[]): boolean {
    for (const event of events) this.call.write(messageOf(event));
    return !this.call.writableNeedDrain;
  }

  tell(position: string): boolean {
    return this.call.write({ event: null, position });
  }

  drained(): Promise<void> {
    return drained(this.call);
  }
}

/** The feed over gRPC. */
export const eventService = (feed: Feed): GrpcService => ({
  name: 'keyledger.v1.EventService',
  access: { allow: readers },
  handlers: {
    Subscribe: async (call, arrival) => {
      const { from, types } = call.request as SubscribeMessage;
      const request = { from: from ?? undefined, fromField: 'from', types };
      const subscription = await feed.subscribe(request, callerOf(arrival));
      for (const over of ['cancelled', 'close'] as const) call.once(over, () => subscription.end());
      // It may have left while it was let in.
      if (call.cancelled || call.destroyed) subscription.end();
      const outlet = new MessageStream(call);
      outlet.tell(subscription.start);
      await feed.run(subscription, outlet);
    },
  },
});
