import {
  accountStream,
  decide,
  Rejection,
  type AccountState,
  type CommandOf,
  type DecisionContext,
} from '@keyledger/domain';
import { accountStreamRules, CONFIG, EVENT_LOG, timeFor, type Config } from '@keyledger/edge';
import { StreamWriter, type EventLog } from '@keyledger/event-log';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { v4 as uuid } from 'uuid';

/** An endpoint as its deliveries have gone to it. */
interface SeenEndpoint {
  readonly accountId: string;
  readonly endpointId: string;
  readonly revision: number;
}

/** Nobody has asked for what the service does by itself: there is no token that says who it was. */
const SERVICE = { actorType: 'service', subject: 'webhook-service', issuer: null } as const;

/** Disabling needs neither types nor the catalogue, and has no limit. */
const NOTHING: Omit<DecisionContext, 'at' | 'now'> = {
  types: new Map(),
  knownEndpointIds: new Set(),
  maxCredentials: 0,
  maxApplications: 0,
};

/** Endpoints are rarely disabled, so that no account is worth to be kept. */
const LIMITS = { cacheBytes: 1 };

const events = (command: CommandOf<'DisableWebhookEndpoint'>, state: AccountState) => {
  const now = new Date().toISOString();
  const at = timeFor(state.phase === 'absent' ? null : state.lastAt, now);
  return decide(command, state, { ...NOTHING, at, now });
};

/** Whether the endpoint is gone, or no longer as it was seen. */
const isOvertaken = (error: unknown): boolean =>
  error instanceof Rejection && (error.code === 'not-found' || error.code === 'revision-mismatch');

/** Disables endpoints on behalf of the service, by an event in the stream of the account. */
@Injectable()
export class EndpointSwitch implements OnApplicationShutdown {
  private readonly writer: ReturnType<typeof writerOf>;

  constructor(
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(CONFIG) private readonly config: Pick<Config, 'streamPrefix'>,
  ) {
    this.writer = writerOf(log);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.close();
  }

  /**
   * Disables the endpoint as it was seen, and says whether it did. One that was changed, disabled or deleted since is
   * left alone: what was seen is not true of it any more. So of replicas that do it at once, one does it. What else the
   * log refuses with is thrown; the caller may repeat it.
   */
  async disable({ accountId, endpointId, revision }: SeenEndpoint, reason: 'gone' | 'failing'): Promise<boolean> {
    const commandId = uuid();
    const call = { principal: SERVICE, correlationId: commandId, ip: null, userAgent: null };
    const command = { type: 'DisableWebhookEndpoint', endpointId, reason, expectedRevisions: [revision] } as const;
    try {
      const done = await this.writer.submit(accountStream(this.config.streamPrefix, accountId), {
        commandId,
        context: { call, commandId },
        decide: (state) => events(command, state),
      });
      return done.events.length > 0;
    } catch (error) {
      if (isOvertaken(error)) return false;
      throw error;
    }
  }
}

const writerOf = (log: EventLog) => new StreamWriter(accountStreamRules(log), LIMITS);
