/** Every reason for which the rules refuse a command. The edge maps each one to a problem and to a gRPC status. */
export type RejectionCode =
  | 'not-found'
  | 'name-taken'
  | 'external-id-taken'
  | 'limit-reached'
  | 'plan-does-not-allow'
  | 'not-supported-by-type'
  | 'webhook-signer-in-use'
  | 'may-not-sign'
  | 'no-webhook-signer'
  | 'api-access-already-enabled'
  | 'api-access-disabled'
  | 'account-suspended'
  | 'application-in-use'
  | 'credential-revoked'
  | 'credential-expired'
  | 'credential-still-valid'
  | 'rotation-in-progress'
  | 'no-rotation-in-progress'
  | 'revision-mismatch'
  | 'invalid-request'
  | 'unknown-credential-type'
  | 'unknown-endpoint'
  | 'confirmation-mismatch';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A refusal by the rules: nothing was stored, and `message` tells the caller what to do. */
export class Rejection extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string,
    readonly errors: readonly FieldError[] = [],
    /** What a program may go on with, by the names of the resources. */
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Rejection';
  }
}

/** The refusal of one field of the request. `message` reads on from the name of the field. */
export const invalidField = (field: string, message: string): Rejection =>
  new Rejection('invalid-request', `${field} ${message}`, [{ field, message }]);
