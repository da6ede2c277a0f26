/** The policy that credentials of one type follow; forms can be built from it. The protos say more. */
export interface CredentialType {
  readonly type: string;
  readonly title: string;
  readonly name: {
    readonly required: boolean;
    /** Source of a regular expression that the whole name must match. */
    readonly pattern: string | null;
    readonly minLength: number;
    readonly maxLength: number;
  };
  readonly limit: number | null;
  readonly issuedBy: 'create' | 'api-access';
  readonly publicPart: { readonly field: string; readonly prefix: string } | null;
  readonly publicPartMasked: boolean;
  readonly secretPart: { readonly field: string; readonly prefix: string; readonly format: 'token' | 'webhook' };
  readonly saltField: string | null;
  readonly modes: { readonly test: string; readonly live: string } | null;
  readonly belongsToApplication: boolean;
  readonly allows: {
    readonly suspend: boolean;
    readonly revoke: boolean;
    readonly rotate: boolean;
    readonly delete: 'always' | 'ended' | 'phrase' | 'never';
  };
  readonly maySign: boolean;
  readonly retained: boolean;
  readonly bindsIpAllowlist: boolean;
  readonly bindsEndpoints: boolean;
  readonly rotationAdviceDays: number | null;
  readonly advice: readonly string[];
}

/** All configured types; there are few, so there are no pages. */
export interface CredentialTypes {
  readonly items: readonly CredentialType[];
}
