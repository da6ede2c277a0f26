/** What can be asked of messages by. */
export const deliveryStates = ['pending', 'held', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Who has caused a message: a caller, an event of the account, only time, or a test of an endpoint. */
export const messageSources = ['sent', 'event', 'notice', 'ping'] as const;
export type MessageSource = (typeof messageSources)[number];

/** A message on its way to one endpoint. */
export interface Delivery {
  readonly endpointId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Null where none is to come. */
  readonly nextAttemptAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
}

export interface MessageSummary {
  readonly messageId: string;
  readonly type: string;
  readonly source: MessageSource;
  readonly createdAt: string;
  readonly deliveries: readonly Delivery[];
}

export interface Message extends MessageSummary {
  /** The body of every delivery, as it was sent in. */
  readonly payload: string;
}

/** One attempt to deliver a message. */
export interface DeliveryAttempt {
  readonly endpointId: string;
  readonly number: number;
  readonly at: string;
  readonly durationMs: number;
  readonly outcome: string;
  readonly status: number | null;
  /** Its first KiB. */
  readonly answer: string;
}

export interface MessageReply {
  readonly messageId: string;
  readonly position: string;
}

export interface RecoverReply {
  /** How many deliveries are pending again. */
  readonly recovered: number;
  readonly position: string;
}

export interface EndpointStatistics {
  readonly days: readonly { readonly date: string; readonly outcome: string; readonly count: number }[];
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  readonly backlog: { readonly count: number; readonly oldestAgeSeconds: number | null };
}
