import type { Credential } from '@keyledger/domain';
import { RetainedSecrets, type SecretPlace } from '@keyledger/secrets';
import { Injectable, Logger } from '@nestjs/common';
import { PreparedCommands } from './prepared-commands.js';

/** Everything of a credential that is kept sealed: what can be shown again, and what a repeat would show. */
@Injectable()
export class SealedSecrets {
  private readonly logger = new Logger(SealedSecrets.name);

  constructor(
    private readonly retained: RetainedSecrets,
    private readonly preparedCommands: PreparedCommands,
  ) {}

  /** Opens a retained secret. Its event says that it is there, so that a missing one is a loss, not a refusal. */
  async open(place: SecretPlace): Promise<string> {
    const secret = await this.retained.get(place);
    if (secret === undefined) throw new Error(`The sealed ${place.part} of ${place.credentialId} is missing.`);
    return secret;
  }

  /** The holder has saved the secrets up to the acknowledged version: no repeat shows them again. */
  async acknowledged({ credentialId, versions, acknowledgedVersion }: Credential): Promise<void> {
    const saved = versions.filter(({ version }) => version <= acknowledgedVersion);
    const digests = saved.map(({ digest }) => digest.value);
    await this.unlessBroken(credentialId, () => this.preparedCommands.destroySecrets(credentialId, digests));
  }

  /** The credential is gone. */
  async destroy(accountId: string, credentialId: string): Promise<void> {
    await this.unlessBroken(credentialId, () => this.retained.destroy(accountId, credentialId));
    await this.unlessBroken(credentialId, () => this.preparedCommands.destroySecrets(credentialId));
  }

  /** Never fails: the log has the event already, and replies and the sweep go by that. */
  private async unlessBroken(credentialId: string, destroy: () => Promise<void>): Promise<void> {
    try {
      await destroy();
    } catch (error) {
      this.logger.warn(`Sealed secrets of ${credentialId} are left to the sweep: ${String(error)}`);
    }
  }
}
