import { EndpointTable, ipBlock, type EndpointPattern, type IpBlock } from '@keyledger/verdict';
import { RecordTable } from './record-table.js';
import { Slab } from './slab.js';
import type {
  VerifiableAccount,
  VerifiableApplication,
  VerifiableCredential,
  VerifiableVersion,
} from './verifiable.js';

/** What many credentials have in common, kept once. */
interface Traits extends Pick<
  VerifiableCredential,
  'credentialType' | 'mode' | 'environment' | 'scopes' | 'bindsIpAllowlist' | 'bindsEndpoints' | 'isAccountToken'
> {
  readonly scopeSet: ReadonlySet<string>;
  readonly publicPrefix: string | null;
}

export interface IndexedAccount extends VerifiableAccount {
  readonly accountId: string;
  /** Null for any address. */
  readonly allowedIps: readonly IpBlock[] | null;
  /** True after an event of it that cannot be read: what is known of it may be wrong. */
  readonly unreadable: boolean;
}

interface IndexedApplication {
  readonly applicationId: string;
  readonly connected: ReadonlySet<string>;
}

/** Things by a number that fits into a record, and by their key. Numbers of what is gone are used again. */
class Numbered<T> {
  private readonly things: (T | undefined)[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly free: number[] = [];

  numberOf(key: string): number | undefined {
    return this.numbers.get(key);
  }

  get(number: number): T | undefined {
    return this.things[number];
  }

  set(key: string, thing: T): number {
    const number = this.numbers.get(key) ?? this.free.pop() ?? this.things.length;
    this.things[number] = thing;
    this.numbers.set(key, number);
    return number;
  }

  remove(key: string): void {
    const number = this.numbers.get(key);
    if (number === undefined) return;
    this.numbers.delete(key);
    this.things[number] = undefined;
    this.free.push(number);
  }
}

/** A credential: where each of its fields stands in its record. */
const CREDENTIAL = { id: 0, account: 16, application: 20, traits: 24, status: 28, version: 32, expiresAt: 36, public: 44 };
const PUBLIC_DIGITS = 22;
const CREDENTIAL_BYTES = 68;

/** A version of its secret. */
const VERSION = { digest: 0, validUntil: 32, credential: 40, number: 44, next: 48, pepper: 52 };
const DIGEST_BYTES = 32;
const VERSION_BYTES = 56;

const statuses = ['active', 'suspended', 'revoked', 'announced', 'api-disabled'] as const;

const NO_APPLICATION = 0xffffffff;
const ID_PREFIX = 'cred_';

/** The UUID of a credential's id. */
const idBytes = (credentialId: string): Buffer =>
  Buffer.from(credentialId.slice(ID_PREFIX.length).replaceAll('-', ''), 'hex');

const timeOf = (instant: string | null): number => (instant === null ? Infinity : Date.parse(instant));
const instantOf = (time: number): string | null => (time === Infinity ? null : new Date(time).toISOString());

/** FNV-1a of the digits, which are random. */
const hashOfDigits = (bytes: Buffer, at: number): number => {
  let hash = 0x811c9dc5;
  for (let index = at; index < at + PUBLIC_DIGITS; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  return hash >>> 0;
};

/** Splits a public part at its last underscore. */
const splitPublic = (publicPart: string): readonly [prefix: string, digits: Buffer] => {
  const at = publicPart.lastIndexOf('_');
  return [publicPart.slice(0, at), Buffer.from(publicPart.slice(at + 1), 'latin1')];
};

interface CountedTraits {
  readonly traits: Traits;
  readonly key: string;
  users: number;
}

/**
 * What verdicts need of all credentials, in memory: about 150 bytes each. It knows no log and no clock. A record of a
 * credential or of a version is named by a number, which means something until the next change only.
 */
export class CredentialIndex {
  private readonly credentials = new Slab(CREDENTIAL_BYTES);
  private readonly versions = new Slab(VERSION_BYTES);
  private readonly accounts = new Numbered<IndexedAccount>();
  private readonly applications = new Numbered<IndexedApplication>();
  private readonly traits = new Numbered<CountedTraits>();
  private table = new EndpointTable([]);
  private count = 0;

  private readonly byId = new RecordTable<Buffer>({
    hash: (id) => id.readUInt32LE(12),
    hashOf: (record) => this.credentials.bytes(record).readUInt32LE(this.credentials.offset(record) + 12),
    equals: (record, id) => {
      const at = this.credentials.offset(record);
      return this.credentials.bytes(record).compare(id, 0, 16, at, at + 16) === 0;
    },
  });

  private readonly byPublicPart = new RecordTable<Buffer>({
    hash: (digits) => hashOfDigits(digits, 0),
    hashOf: (record) =>
      hashOfDigits(this.credentials.bytes(record), this.credentials.offset(record) + CREDENTIAL.public),
    equals: (record, digits) => {
      const at = this.credentials.offset(record) + CREDENTIAL.public;
      return this.credentials.bytes(record).compare(digits, 0, PUBLIC_DIGITS, at, at + PUBLIC_DIGITS) === 0;
    },
  });

  /** Versions of the credentials without a public part. */
  private readonly byDigest = new RecordTable<Buffer>({
    hash: (digest) => digest.readUInt32LE(0),
    hashOf: (version) => this.versions.bytes(version).readUInt32LE(this.versions.offset(version)),
    equals: (version, digest) => {
      const at = this.versions.offset(version);
      return this.versions.bytes(version).compare(digest, 0, DIGEST_BYTES, at, at + DIGEST_BYTES) === 0;
    },
  });

  get size(): number {
    return this.count;
  }

  get endpoints(): EndpointTable {
    return this.table;
  }

  setEndpoints(active: Iterable<EndpointPattern>): void {
    this.table = new EndpointTable(active);
  }

  account(accountId: string): IndexedAccount | undefined {
    return this.accounts.get(this.accounts.numberOf(accountId) ?? -1);
  }

  setAccount(accountId: string, account: VerifiableAccount): void {
    const allowedIps = account.cidrs.length === 0 ? null : account.cidrs.map(ipBlock);
    const unreadable = this.account(accountId)?.unreadable ?? false;
    this.accounts.set(accountId, { ...account, accountId, allowedIps, unreadable });
  }

  /** From now on nothing that is known of the account counts. */
  markUnreadable(accountId: string): void {
    const known = this.account(accountId) ?? { accountId, suspended: false, cidrs: [], tokenId: null, allowedIps: null };
    this.accounts.set(accountId, { ...known, unreadable: true });
  }

  application(applicationId: string): VerifiableApplication | undefined {
    const known = this.applications.get(this.applications.numberOf(applicationId) ?? -1);
    return known && { endpointIds: [...known.connected] };
  }

  setApplication(applicationId: string, application: VerifiableApplication | undefined): void {
    if (application === undefined) this.applications.remove(applicationId);
    else this.applications.set(applicationId, { applicationId, connected: new Set(application.endpointIds) });
  }

  credential(credentialId: string): VerifiableCredential | undefined {
    const record = this.byId.find(idBytes(credentialId));
    if (record === 0) return undefined;
    const { scopeSet, publicPrefix, ...traits } = this.traitsOf(record);
    const at = this.credentials.offset(record) + CREDENTIAL.public;
    const digits = this.credentials.bytes(record).toString('latin1', at, at + PUBLIC_DIGITS);
    return {
      ...traits,
      status: this.statusOf(record),
      applicationId: this.applicationOf(record)?.applicationId ?? null,
      expiresAt: instantOf(this.expiresAtMs(record)),
      publicPart: publicPrefix === null ? null : `${publicPrefix}_${digits}`,
      versions: this.versionsOf(record),
    };
  }

  /** Undefined removes it. Its account and its application must be there. */
  setCredential(accountId: string, credentialId: string, credential: VerifiableCredential | undefined): void {
    const id = idBytes(credentialId);
    const known = this.byId.find(id);
    if (known !== 0) this.remove(known);
    if (credential !== undefined) this.insert(accountId, id, credential);
  }

  /** The record of the credential with this public part; 0 for none. */
  findPublicPart(publicPart: string): number {
    const [prefix, digits] = splitPublic(publicPart);
    const record = this.byPublicPart.find(digits);
    return record !== 0 && this.traitsOf(record).publicPrefix === prefix ? record : 0;
  }

  /** The record of the version with this digest, of a credential without a public part; 0 for none. */
  findDigest(digest: Buffer): number {
    return this.byDigest.find(digest);
  }

  /** The version after `version`, or the first one of the credential for 0; 0 for none. */
  nextVersion(credential: number, version: number): number {
    if (version === 0) return this.word(credential, CREDENTIAL.version);
    return this.versions.bytes(version).readUInt32LE(this.versions.offset(version) + VERSION.next);
  }

  /** A view of the digest, which is 32 bytes long. */
  digestOf(version: number): Buffer {
    const at = this.versions.offset(version);
    return this.versions.bytes(version).subarray(at, at + DIGEST_BYTES);
  }

  pepperVersionOf(version: number): number {
    return this.versions.bytes(version).readUInt16LE(this.versions.offset(version) + VERSION.pepper);
  }

  validUntilMs(version: number): number {
    return this.versions.bytes(version).readDoubleLE(this.versions.offset(version) + VERSION.validUntil);
  }

  versionNumberOf(version: number): number {
    return this.versions.bytes(version).readUInt32LE(this.versions.offset(version) + VERSION.number);
  }

  credentialOf(version: number): number {
    return this.versions.bytes(version).readUInt32LE(this.versions.offset(version) + VERSION.credential);
  }

  idOf(credential: number): string {
    const at = this.credentials.offset(credential);
    const hex = this.credentials.bytes(credential).toString('hex', at, at + 16);
    const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
    return ID_PREFIX + parts.join('-');
  }

  traitsOf(credential: number): Traits {
    const counted = this.traits.get(this.word(credential, CREDENTIAL.traits));
    if (counted === undefined) throw new Error('The index holds a credential without traits.');
    return counted.traits;
  }

  accountOf(credential: number): IndexedAccount {
    const account = this.accounts.get(this.word(credential, CREDENTIAL.account));
    if (account === undefined) throw new Error('The index holds a credential without an account.');
    return account;
  }

  applicationOf(credential: number): IndexedApplication | undefined {
    return this.applications.get(this.word(credential, CREDENTIAL.application));
  }

  statusOf(credential: number): (typeof statuses)[number] {
    const { bytes, at } = this.place(credential);
    return statuses[bytes[at + CREDENTIAL.status] ?? 0] ?? 'revoked';
  }

  expiresAtMs(credential: number): number {
    const { bytes, at } = this.place(credential);
    return bytes.readDoubleLE(at + CREDENTIAL.expiresAt);
  }

  private place(credential: number): { readonly bytes: Buffer; readonly at: number } {
    return { bytes: this.credentials.bytes(credential), at: this.credentials.offset(credential) };
  }

  private word(credential: number, field: number): number {
    return this.credentials.bytes(credential).readUInt32LE(this.credentials.offset(credential) + field);
  }

  private versionsOf(credential: number): readonly VerifiableVersion[] {
    const versions: VerifiableVersion[] = [];
    for (let each = this.nextVersion(credential, 0); each !== 0; each = this.nextVersion(credential, each)) {
      const digest = { value: this.digestOf(each).toString('base64url'), pepperVersion: this.pepperVersionOf(each) };
      versions.push({ version: this.versionNumberOf(each), digest, validUntil: instantOf(this.validUntilMs(each)) });
    }
    return versions;
  }

  private remove(credential: number): void {
    const hasPublicPart = this.traitsOf(credential).publicPrefix !== null;
    for (let each = this.nextVersion(credential, 0); each !== 0; ) {
      const next = this.nextVersion(credential, each);
      if (!hasPublicPart) this.byDigest.remove(each);
      this.versions.release(each);
      each = next;
    }
    if (hasPublicPart) this.byPublicPart.remove(credential);
    this.byId.remove(credential);
    this.forgetTraits(this.word(credential, CREDENTIAL.traits));
    this.credentials.release(credential);
    this.count -= 1;
  }

  private insert(accountId: string, id: Buffer, credential: VerifiableCredential): void {
    const account = this.accounts.numberOf(accountId);
    if (account === undefined) throw new Error('The account of a credential is not in the index.');
    const [publicPrefix, digits] = credential.publicPart === null ? [null, null] : splitPublic(credential.publicPart);
    const { applicationId } = credential;
    const application = applicationId === null ? undefined : this.applications.numberOf(applicationId);
    const record = this.credentials.allocate();
    const { bytes, at } = this.place(record);
    id.copy(bytes, at + CREDENTIAL.id);
    bytes.writeUInt32LE(account, at + CREDENTIAL.account);
    bytes.writeUInt32LE(application ?? NO_APPLICATION, at + CREDENTIAL.application);
    bytes.writeUInt32LE(this.countTraits(credential, publicPrefix), at + CREDENTIAL.traits);
    bytes[at + CREDENTIAL.status] = statuses.indexOf(credential.status);
    bytes.writeDoubleLE(timeOf(credential.expiresAt), at + CREDENTIAL.expiresAt);
    digits?.copy(bytes, at + CREDENTIAL.public);
    this.insertVersions(record, credential.versions, digits === null);
    this.byId.add(record);
    if (digits !== null) this.byPublicPart.add(record);
    this.count += 1;
  }

  private insertVersions(credential: number, versions: readonly VerifiableVersion[], isFoundByDigest: boolean): void {
    let next = 0;
    for (const { version, digest, validUntil } of versions.toReversed()) {
      const record = this.versions.allocate();
      const bytes = this.versions.bytes(record);
      const at = this.versions.offset(record);
      Buffer.from(digest.value, 'base64url').copy(bytes, at + VERSION.digest, 0, DIGEST_BYTES);
      bytes.writeDoubleLE(timeOf(validUntil), at + VERSION.validUntil);
      bytes.writeUInt32LE(credential, at + VERSION.credential);
      bytes.writeUInt32LE(version, at + VERSION.number);
      bytes.writeUInt32LE(next, at + VERSION.next);
      bytes.writeUInt16LE(digest.pepperVersion, at + VERSION.pepper);
      if (isFoundByDigest) this.byDigest.add(record);
      next = record;
    }
    const { bytes, at } = this.place(credential);
    bytes.writeUInt32LE(next, at + CREDENTIAL.version);
  }

  private countTraits(credential: VerifiableCredential, publicPrefix: string | null): number {
    const { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken } = credential;
    const shared = { credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints, isAccountToken };
    const key = JSON.stringify([shared, publicPrefix]);
    const number = this.traits.numberOf(key);
    const known = number === undefined ? undefined : this.traits.get(number);
    if (known === undefined || number === undefined) {
      return this.traits.set(key, { key, users: 1, traits: { ...shared, publicPrefix, scopeSet: new Set(scopes) } });
    }
    known.users += 1;
    return number;
  }

  private forgetTraits(number: number): void {
    const counted = this.traits.get(number);
    if (counted === undefined) return;
    counted.users -= 1;
    if (counted.users === 0) this.traits.remove(counted.key);
  }
}
