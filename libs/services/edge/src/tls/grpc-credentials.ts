import { ServerCredentials } from '@grpc/grpc-js';
import type { DoorTls } from './door-tls.js';

/**
 * Credentials whose files were checked as a pair. Those of grpc-js that watch files take what they find, and refuse all
 * connections while it is broken.
 */
class DoorCredentials extends ServerCredentials {
  constructor(tls: DoorTls) {
    super(tls.serverOptions, tls.context);
    tls.onRenewal((context) => this.updateSecureContextOptions(context));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

export const credentialsOf = (tls: DoorTls | undefined): ServerCredentials =>
  tls === undefined ? ServerCredentials.createInsecure() : new DoorCredentials(tls);
