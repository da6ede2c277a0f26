import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { callerOf, drained, Problem, readers, toProblem, type Arrival, type HttpRoute } from '@keyledger/edge';
import type { FastifyRequest } from 'fastify';
import { ofFeed } from './feed-documentation.js';
import type { FeedRequest } from './feed-request.js';
import type { Feed } from './feed.js';
import type { Outlet, Subscription } from './subscription.js';

const LAST_EVENT_ID = 'Last-Event-ID';

/** A client that reconnects sends its first query again, and beside it the last id that it has seen: that counts. */
const requestOf = ({ query }: FastifyRequest, { header }: Arrival): FeedRequest => {
  const { from, types = '' } = query as Readonly<Record<string, string>>;
  const lastEventId = header('last-event-id') || undefined;
  return {
    from: lastEventId ?? from,
    fromField: lastEventId === undefined ? 'from' : LAST_EVENT_ID,
    types: types === '' ? [] : types.split(','),
  };
};

/** Clients of a server that stops must not all come back at once. */
const RECONNECT_MS = [1_000, 5_000] as const;
/** For the last words to a reader who is slow, or gone. */
const FAREWELL_MS = 3_000;

/** Server-Sent Events, as the HTML standard has them. */
class EventStream implements Outlet {
  readonly stream = new PassThrough();
  #toldPosition: string;

  constructor({ start }: Subscription, wasAsked: boolean) {
    // A comment or a field without an empty line behind it is no event, also to clients that take any line for one.
    this.stream.write(`retry: ${randomInt(...RECONNECT_MS)}\n`);
    this.#toldPosition = wasAsked ? start : '';
    this.tell(start);
  }

  send(events: readonly { readonly frame: Buffer; readonly position: string }[]): boolean {
    for (const { frame, position } of events) {
      this.stream.write(frame);
      this.#toldPosition = position;
    }
    return !this.stream.writableNeedDrain;
  }

  /** An id without data moves where a client goes on, and is no event. */
  tell(position: string): boolean {
    const line = position === this.#toldPosition ? ':\n' : `id: ${position}\n\n`;
    this.#toldPosition = position;
    return this.stream.write(line);
  }

  drained(): Promise<void> {
    return drained(this.stream);
  }

  /** Says why nothing more comes. */
  end({ code, detail }: Pick<Problem, 'code' | 'detail'>): void {
    this.stream.end(`event: end\ndata: ${JSON.stringify({ code, detail })}\n\n`);
    const late = setTimeout(() => this.stream.destroy(), FAREWELL_MS).unref();
    this.stream.once('close', () => clearTimeout(late));
  }
}

/** Connections that have a stream under way. */
const streaming = new WeakSet<Socket>();

/** The feed over HTTP, straight on the server: no operation streams. */
export const feedRoute = (feed: Feed, onLost: (error: unknown) => void): HttpRoute => ({
  method: 'GET',
  path: '/v1/events',
  access: { allow: readers },
  documentation: ofFeed,
  query: ['from', 'types'],
  handle: async (request, reply, arrival) => {
    const { socket } = request.raw;
    if (streaming.has(socket))
      throw new Problem('too-busy', 'A connection sends one stream at a time. Open another one.');
    streaming.add(socket);
    const asked = requestOf(request, arrival);
    const subscription = await feed.subscribe(asked, callerOf(arrival)).catch((error: unknown) => {
      streaming.delete(socket);
      throw error;
    });
    const outlet = new EventStream(subscription, asked.from === subscription.start);
    const leave = (): void => subscription.end();
    // Behind a pipelined request nothing is told of the answer where the connection goes.
    socket.once('close', leave);
    outlet.stream.once('close', () => {
      leave();
      socket.off('close', leave);
      streaming.delete(socket);
    });
    if (request.method === 'HEAD' || socket.destroyed) leave();
    const running = feed.run(subscription, outlet);
    running.then(
      () => outlet.stream.end(),
      (error: unknown) => {
        const problem = toProblem(error);
        if (problem.code === 'internal') onLost(error);
        outlet.end(problem);
      },
    );
    return reply
      .headers({ 'keyledger-position': subscription.start, 'x-accel-buffering': 'no' })
      .type('text/event-stream; charset=utf-8')
      .send(outlet.stream);
  },
});
