/** The policy that a credential follows, as data. Five are built in; a further one is a JSON file of this shape. */
export interface CredentialType {
  /** Lower-case identifier, as in `type` of a create request. */
  readonly type: string;
  readonly title: string;
  readonly name: {
    readonly required: boolean;
    /** Regular expression source that the whole name must match, or null for any text. */
    readonly pattern: string | null;
    readonly minLength: number;
    readonly maxLength: number;
  };
  /** How many undeleted credentials of this type an account may hold; null for no limit of its own. */
  readonly limit: number | null;
  /** `create` by POST credentials, `api-access` by enabling the account's API access. */
  readonly issuedBy: 'create' | 'api-access';
  /**
   * A public part beside the secret, or null where the secret stands alone and is recognised by its digest.
   * `publicPartMasked` shows the masked secret where others show their public part.
   */
  readonly publicPart: { readonly field: string; readonly prefix: string } | null;
  readonly publicPartMasked: boolean;
  /** `webhook` is a Standard Webhooks secret (`whsec_…`), which has a fixed prefix. */
  readonly secretPart: { readonly field: string; readonly prefix: string; readonly format: 'token' | 'webhook' };
  /** A second secret that only signs the account's webhook calls and changes only with the credential. */
  readonly saltField: string | null;
  /** Prefix of the secret for each mode, or null where credentials of the type have no mode. */
  readonly modes: { readonly test: string; readonly live: string } | null;
  /** True where each credential belongs to an application and an environment. */
  readonly belongsToApplication: boolean;
  readonly allows: {
    readonly suspend: boolean;
    readonly revoke: boolean;
    readonly rotate: boolean;
    /** `ended`: only when revoked or expired. `phrase`: only with the supplied phrase typed back. */
    readonly delete: 'always' | 'ended' | 'phrase' | 'never';
  };
  readonly maySign: boolean;
  /** True where the secret must be used or shown again, so it is kept sealed; all others are kept as digests only. */
  readonly retained: boolean;
  readonly bindsIpAllowlist: boolean;
  readonly bindsEndpoints: boolean;
  readonly rotationAdviceDays: number | null;
  /** Safety texts for the person who receives the secret. */
  readonly advice: readonly string[];
}
