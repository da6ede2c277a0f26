import type { Environment, Mode, SecretDigest, Tier } from './credential-events.js';

/** The facts of a freshly generated secret that rules and events may know. */
export interface NewSecret {
  readonly digest: SecretDigest;
  readonly maskedSecret: string;
}

export interface NewCredential {
  readonly credentialId: string;
  readonly credentialType: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly mode: Mode | null;
  readonly environment: Environment | null;
  readonly applicationId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  readonly publicPart: string | null;
  readonly secret: NewSecret;
}

interface OnCredential {
  readonly credentialId: string;
}

interface OnApplication {
  readonly applicationId: string;
}

type Body =
  | { readonly type: 'RegisterAccount'; readonly accountId: string; readonly name: string; readonly externalId: string | null }
  | { readonly type: 'UpdateAccount'; readonly name?: string }
  | { readonly type: 'SuspendAccount' | 'ResumeAccount' }
  | { readonly type: 'SetPlan'; readonly tier: Tier; readonly paymentMethodOnFile: boolean }
  | ({ readonly type: 'EnableApiAccess' } & OnCredential & {
        readonly secret: NewSecret;
        readonly maskedPrivateSalt: string;
      })
  | { readonly type: 'DisableApiAccess' | 'RevealAuthToken' }
  | { readonly type: 'RefreshAuthToken'; readonly secret: NewSecret }
  | { readonly type: 'SetIpAllowlist'; readonly cidrs: readonly string[] }
  | ({ readonly type: 'RegisterApplication' } & OnApplication & {
        readonly title: string;
        readonly description: string | null;
        readonly endpointIds: readonly string[];
        /** The first key pair, issued in the same append. */
        readonly keyPair: NewCredential | null;
      })
  | ({ readonly type: 'UpdateApplication' } & OnApplication & {
        readonly title?: string;
        readonly description?: string | null;
      })
  | ({ readonly type: 'SetApplicationEndpoints' } & OnApplication & { readonly endpointIds: readonly string[] })
  | ({ readonly type: 'DeleteApplication' } & OnApplication)
  | ({ readonly type: 'CreateCredential' } & NewCredential)
  | ({ readonly type: 'UpdateCredential' } & OnCredential & {
        readonly description?: string | null;
        readonly scopes?: readonly string[];
        readonly expiresAt?: string | null;
      })
  | ({
      readonly type:
        | 'AcknowledgeSecret'
        | 'SuspendCredential'
        | 'ResumeCredential'
        | 'FinishRotation'
        | 'CancelRotation'
        | 'SetWebhookSigner';
    } & OnCredential)
  | ({ readonly type: 'RevokeCredential' } & OnCredential & { readonly reason: string | null })
  | ({ readonly type: 'RotateCredential' } & OnCredential & {
        readonly overlapSeconds: number;
        readonly secret: NewSecret;
      })
  | ({ readonly type: 'ChangeRotation' } & OnCredential & { readonly overlapEndsAt: string })
  | ({ readonly type: 'DeleteCredential' } & OnCredential & {
        readonly confirmation: string | null;
        /** The phrases that count as typed back, for the credential as it stands. */
        readonly acceptedPhrases: readonly string[];
      });

/** `expectedRevision` is the caller's `If-Match`: the revision of the resource that the command is about. */
export type AccountCommand = Body & { readonly expectedRevision?: number };
export type CommandType = AccountCommand['type'];
export type CommandOf<T extends CommandType> = Extract<AccountCommand, { type: T }>;
