import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Door, Outcome } from '../harness/doors.js';
import type { Json } from '../harness/http-client.js';

/** A command whose credential is chosen when it runs: the `pick`th of those that are known by then. */
export interface RandomCommand {
  readonly rpc: string;
  readonly pick: number;
  readonly fields: Json;
}

const command = (weight: number, rpc: string, fields: fc.Arbitrary<Json> = fc.constant({})) => ({
  ...{ weight, arbitrary: fc.record({ rpc: fc.constant(`CredentialService/${rpc}`), pick: fc.nat(1000), fields }) },
});

const aFewNames = fc.integer({ min: 0, max: 4 }).map((n) => `service-${n}`);

/** What people do to the credentials of one account, more often than not something that is contested. */
export const randomCommand: fc.Arbitrary<RandomCommand> = fc.oneof(
  command(6, 'CreateCredential', fc.constant({ type: 'api_secret' })),
  command(6, 'CreateCredential', fc.record({ type: fc.constant('client_credentials'), name: aFewNames })),
  command(1, 'CreateCredential', fc.constant({ type: 'api_key', mode: 'test' })),
  command(6, 'DeleteCredential'),
  command(4, 'SetWebhookSigner'),
  command(2, 'SuspendCredential'),
  command(2, 'ResumeCredential'),
  command(2, 'RevokeCredential'),
  command(1, 'RotateCredential', fc.record({ overlapSeconds: fc.constantFrom(0, 60) })),
  command(1, 'FinishRotation'),
  command(1, 'UpdateCredential', fc.record({ description: fc.string({ unit: 'grapheme', maxLength: 20 }) })),
  {
    weight: 2,
    arbitrary: fc.record({
      rpc: fc
        .constantFrom('EnableApiAccess', 'DisableApiAccess', 'RefreshAuthToken')
        .map((rpc) => `ApiAccessService/${rpc}`),
      ...{ pick: fc.constant(0), fields: fc.constant({}) },
    }),
  },
);

/** Refusals by the rules. Nothing else may happen to a caller who has sent no revision, however busy the account is. */
export const byTheRules: ReadonlySet<string> = new Set([
  ...['OK', 'not-found', 'name-taken', 'limit-reached', 'not-supported-by-type', 'confirmation-mismatch'],
  ...['webhook-signer-in-use', 'may-not-sign', 'credential-revoked', 'credential-still-valid', 'rotation-in-progress'],
  ...['no-rotation-in-progress', 'api-access-already-enabled', 'api-access-disabled'],
]);

/** Answers that ask for a repeat. A call waits for seconds before it is answered so, and need not be held up here. */
const callAgain: ReadonlySet<string> = new Set(['log-unavailable', 'outcome-unknown']);
const MOST_REPEATS = 3;

const idIn = (body: Json): string | undefined =>
  (body['credential'] as { credentialId: string } | undefined)?.credentialId;

/** Runs commands on one account through any doors, and remembers the credentials that they have made. */
export class CommandRunner {
  readonly known: string[] = [];
  /** Every position that a write was answered with. */
  readonly positions: string[] = [];
  /** How often each outcome came. */
  readonly outcomes = new Map<string, number>();

  constructor(
    private readonly accountId: string,
    private readonly token: string,
  ) {}

  async run(door: Door, { rpc, pick, fields }: RandomCommand): Promise<void> {
    const isAboutOne = !/Create|ApiAccess/.test(rpc);
    const credentialId = this.known[pick % Math.max(1, this.known.length)];
    if (isAboutOne && credentialId === undefined) return;
    const target = isAboutOne ? { credentialId } : {};
    const confirmation = rpc.endsWith('/DeleteCredential') ? await this.phraseFor(door, target) : {};
    this.note(await this.call(door, rpc, { ...target, ...fields, ...confirmation }));
  }

  private note({ code, body, position }: Outcome): void {
    this.outcomes.set(code, (this.outcomes.get(code) ?? 0) + 1);
    if (position !== null) this.positions.push(position);
    const touched = idIn(body);
    if (touched !== undefined && !this.known.includes(touched)) this.known.push(touched);
  }

  /** As a person would: who wants to delete reads first what has to be typed. */
  private async phraseFor(door: Door, target: Json): Promise<Json> {
    const { body } = await this.call(door, 'CredentialService/GetRemoval', target);
    return typeof body['phrase'] === 'string' ? { confirmation: body['phrase'] } : {};
  }

  /** As a client does where the log does not answer in time, which happens on a busy machine: it repeats the call. */
  private async call(door: Door, rpc: string, fields: Json): Promise<Outcome> {
    const options = { token: this.token, idempotencyKey: randomUUID() };
    for (let repeats = 0; ; repeats += 1) {
      const outcome = await door.call(rpc, { accountId: this.accountId, ...fields }, options);
      if (repeats === MOST_REPEATS || !callAgain.has(outcome.code)) return outcome;
    }
  }
}
