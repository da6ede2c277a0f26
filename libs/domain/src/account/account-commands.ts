import type { IssuedSecret, RequestedFacts, Tier } from './events.js';
import type { DisabledReason, WebhookEndpointFacts } from './webhook-endpoint-events.js';

/** The facts of a freshly generated secret that rules and events may know. */
export type NewSecret = Omit<IssuedSecret, 'version'>;

export interface NewCredential extends RequestedFacts {
  readonly credentialId: string;
  readonly publicPart: string | null;
  readonly secret: NewSecret;
}

interface OnCredential {
  readonly credentialId: string;
}

interface OnApplication {
  readonly applicationId: string;
}

interface OnWebhookEndpoint {
  readonly endpointId: string;
}

/** What each command says beside its type. An absent optional field means "leave it as it is". */
interface CommandBodies {
  RegisterAccount: { readonly accountId: string; readonly name: string; readonly externalId: string | null };
  UpdateAccount: { readonly name?: string };
  SuspendAccount: object;
  ResumeAccount: object;
  SetPlan: { readonly tier: Tier; readonly paymentMethodOnFile: boolean };

  EnableApiAccess: OnCredential & { readonly secret: NewSecret; readonly maskedPrivateSalt: string };
  DisableApiAccess: object;
  RefreshAuthToken: { readonly secret: NewSecret };
  RevealAuthToken: object;
  SetIpAllowlist: { readonly cidrs: readonly string[] };

  RegisterApplication: OnApplication & {
    readonly title: string;
    readonly description: string | null;
    readonly endpointIds: readonly string[];
    /** The first key pair, issued in the same append. */
    readonly keyPair: NewCredential | null;
  };
  UpdateApplication: OnApplication & { readonly title?: string; readonly description?: string | null };
  SetApplicationEndpoints: OnApplication & { readonly endpointIds: readonly string[] };
  DeleteApplication: OnApplication;

  CreateCredential: NewCredential;
  UpdateCredential: OnCredential & {
    readonly description?: string | null;
    readonly scopes?: readonly string[];
    readonly expiresAt?: string | null;
  };
  AcknowledgeSecret: OnCredential;
  SuspendCredential: OnCredential;
  ResumeCredential: OnCredential;
  RevokeCredential: OnCredential & { readonly reason: string | null };
  DeleteCredential: OnCredential & {
    readonly confirmation: string | null;
    /** The phrases that count as typed back, for the credential as it stands. */
    readonly acceptedPhrases: readonly string[];
  };
  SetWebhookSigner: OnCredential;

  RotateCredential: OnCredential & { readonly overlapSeconds: number; readonly secret: NewSecret };
  ChangeRotation: OnCredential & { readonly overlapEndsAt: string };
  FinishRotation: OnCredential;
  CancelRotation: OnCredential;

  RegisterWebhookEndpoint: OnWebhookEndpoint & WebhookEndpointFacts & { readonly enabled: boolean };
  UpdateWebhookEndpoint: OnWebhookEndpoint & Partial<WebhookEndpointFacts> & { readonly enabled?: boolean };
  /** Nothing else of it changes, so it works while the account is suspended. */
  DisableWebhookEndpoint: OnWebhookEndpoint & { readonly reason: DisabledReason };
  DeleteWebhookEndpoint: OnWebhookEndpoint;
}

export type CommandType = keyof CommandBodies;

/** `expectedRevisions` is the caller's `If-Match`: the resource that the command is about must be at one of them. */
export type CommandOf<T extends CommandType> = CommandBodies[T] & {
  readonly type: T;
  readonly expectedRevisions?: readonly number[];
};

export type AccountCommand = { [T in CommandType]: CommandOf<T> }[CommandType];
