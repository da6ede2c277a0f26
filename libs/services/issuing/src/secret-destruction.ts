import { RetainedSecrets } from '@keyledger/secrets';
import { Injectable, Logger } from '@nestjs/common';
import { PreparedCommands } from './prepared-commands.js';

/** Destroys whatever is still sealed of a credential that is gone. */
@Injectable()
export class SecretDestruction {
  private readonly logger = new Logger(SecretDestruction.name);

  constructor(
    private readonly retained: RetainedSecrets,
    private readonly preparedCommands: PreparedCommands,
  ) {}

  /** Never fails: the deletion is in the log already, and the sweep destroys what is left behind. */
  async destroy(accountId: string, credentialId: string): Promise<void> {
    try {
      await this.retained.destroy(accountId, credentialId);
      await this.preparedCommands.destroySecrets(credentialId);
    } catch (error) {
      this.logger.warn(`The secrets of ${credentialId} are left to the sweep: ${String(error)}`);
    }
  }
}
