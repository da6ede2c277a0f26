import type { KeyObject } from 'node:crypto';
import { deriveKey, type Pepper } from './cryptography.js';

/** A request that may be repeated. `route` is its method and concrete path. */
export interface KeyedRequest {
  readonly principal: string;
  readonly route: string;
  readonly idempotencyKey: string;
}

/** Every key of this installation. Keys are KeyObjects, which neither logging nor JSON shows. */
export interface Keyring {
  /** The pepper for new digests. */
  readonly currentPepper: Pepper;
  readonly retainedSecretsKey: KeyObject;
  readonly deletionPhraseKey: KeyObject;
  pepper(version: number): Pepper | undefined;
  /**
   * Seals the secret of a keyed request. The raw key, which only the caller has, is part of it: without that, the
   * database and the master key together open nothing.
   */
  preparedCommandKey(request: KeyedRequest): KeyObject;
}

/** `peppers` are in order of their versions. */
export const keyringOf = (master: KeyObject, peppers: readonly Pepper[]): Keyring => {
  const currentPepper = peppers.at(-1);
  if (!currentPepper) throw new Error('The database holds no pepper.');
  const byVersion = new Map(peppers.map((pepper) => [pepper.version, pepper]));
  return {
    currentPepper,
    retainedSecretsKey: deriveKey(master, 'retained-secrets'),
    deletionPhraseKey: deriveKey(master, 'deletion-phrases'),
    pepper: (version) => byVersion.get(version),
    preparedCommandKey: ({ principal, route, idempotencyKey }) =>
      deriveKey(master, 'prepared-commands', [principal, route, idempotencyKey]),
  };
};
