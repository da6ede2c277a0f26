import {
  catalogueStream,
  connectableEndpointIds,
  decideReplaceEndpoints,
  emptyCatalogue,
  evolveCatalogue,
  getKeyed,
  newEvent,
  readEvent,
  Rejection,
  valuesOf,
  type CatalogueEndpoint,
  type CatalogueEvent,
  type CatalogueState,
} from '@keyledger/domain';
import {
  AcknowledgedWrites,
  CATALOGUE,
  CONFIG,
  EVENT_LOG,
  timeFor,
  type Call,
  type CommandCause,
  type Config,
} from '@keyledger/edge';
import { StreamWriter, type EventLog, type Position, type RecordedEvent, type StreamRules } from '@keyledger/event-log';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { v4 as uuid } from 'uuid';
import { requireTolerable } from './account-streams.js';

/** The one stream is always cached, however often its endpoints were replaced. */
const LIMITS = { cacheBytes: Number.MAX_SAFE_INTEGER };

/** Which takes access away. */
const onlyRetires = ({ changes }: CatalogueEvent): boolean => Object.values(changes).every(({ to }) => to === null);

const decode = (recorded: RecordedEvent): CatalogueEvent => {
  const { event } = readEvent(recorded);
  if (event.type !== 'ApiEndpointsReplaced') throw new Error(`The catalogue's stream holds a ${event.type}.`);
  return event;
};

/** The installation's endpoints, in a stream of their own. */
@Injectable()
export class Catalogue implements OnApplicationShutdown {
  private readonly writer: StreamWriter<CatalogueState, CatalogueEvent, CommandCause>;
  private readonly stream: string;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CONFIG) private readonly config: Config,
    private readonly acknowledged: AcknowledgedWrites,
  ) {
    this.stream = catalogueStream(config.streamPrefix);
    const rules: StreamRules<CatalogueState, CatalogueEvent, CommandCause> = {
      log,
      initial: emptyCatalogue,
      evolve: evolveCatalogue,
      decode,
      encode: (event, { call, commandId }, id) => newEvent(id, event, call, commandId),
    };
    this.writer = new StreamWriter(rules, LIMITS);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.close();
  }

  /** Ids of the endpoints that an application may be connected to, read from the log now. */
  async connectableIds(): Promise<ReadonlySet<string>> {
    return connectableEndpointIds((await this.writer.read(this.stream)).state);
  }

  /** Finds an endpoint by its id, retired ones too. */
  async lookup(): Promise<(endpointId: string) => CatalogueEndpoint | undefined> {
    const { state } = await this.writer.read(this.stream);
    return (endpointId) => getKeyed(state.endpoints, endpointId);
  }

  async replace(
    call: Call,
    endpoints: readonly CatalogueEndpoint[],
  ): Promise<{
    readonly endpoints: readonly CatalogueEndpoint[];
    readonly position: Position;
    readonly revision: number;
  }> {
    const commandId = uuid();
    const { state, position } = await this.writer.submit(this.stream, {
      commandId,
      context: { call, commandId },
      decide: (current) => {
        if (call.ifMatch !== undefined && !call.ifMatch.includes(current.revision)) {
          throw new Rejection('revision-mismatch', 'The catalogue has changed since. Read it again, then repeat.');
        }
        const events = decideReplaceEndpoints(endpoints, current, timeFor(current.lastAt, new Date().toISOString()));
        if (!events.every(onlyRetires)) requireTolerable(current.lastAt, this.config);
        return events;
      },
    });
    this.acknowledged.note(CATALOGUE, position);
    return { endpoints: valuesOf(state.endpoints), position, revision: state.revision };
  }
}
