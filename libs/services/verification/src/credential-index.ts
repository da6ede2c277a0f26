import type { Endpoint } from '@keyledger/domain';
import { EndpointTable, ipBlock, type IpBlock } from '@keyledger/verdict';
import { instantOf } from './instants.js';
import { Numbered } from './numbered.js';
import { RecordTable } from './record-table.js';
import { Slab } from './slab.js';
import {
  CREDENTIAL,
  credentialIdOf,
  DIGITS,
  idBytes,
  splitPublic,
  statuses,
  storedBytes,
  storedRecord,
} from './stored-record.js';
import { traitsKey, TraitsTable, type Traits } from './traits.js';
import {
  announced,
  type VerifiableAccount,
  type VerifiableApplication,
  type VerifiableCredential,
} from './verifiable.js';
import { VersionRecords } from './version-records.js';

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

/** Where each field of a credential stands in its record: what is stored of it, and what holds only in this process. */
const FIELD = {
  ...CREDENTIAL,
  account: CREDENTIAL.bytes,
  application: CREDENTIAL.bytes + 4,
  traits: CREDENTIAL.bytes + 8,
  version: CREDENTIAL.bytes + 12,
};
const RECORD_BYTES = CREDENTIAL.bytes + 16;

const NO_APPLICATION = 0xffffffff;

/** Credentials of one account and application that have their traits in common. */
export interface StoredCredentials {
  readonly accountId: string;
  readonly applicationId: string | null;
  /** As `traitsKey` tells them. */
  readonly traits: string;
  /** One stored record after the other. */
  readonly records: Buffer;
}

/** Numbers of what stands beside the credential. */
interface Shared {
  readonly account: number;
  readonly application: number;
  readonly traits: number;
}

/** FNV-1a of the digits, which are random. */
const hashOfDigits = (bytes: Buffer, at: number): number => {
  let hash = 0x811c9dc5;
  for (let index = at; index < at + DIGITS; index += 1) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  return hash >>> 0;
};

/** Its digest is that of no secret that anybody could find. */
const DECOY: VerifiableCredential = {
  ...announced,
  versions: [{ version: 0, digest: { value: '', pepperVersion: 1 }, validUntil: null }],
};

/**
 * What verdicts need of all credentials, in memory: about 150 bytes each. It knows no log and no clock. A record of a
 * credential or of a version is named by a number, which means something until the next change only.
 */
export class CredentialIndex {
  private readonly credentials = new Slab(RECORD_BYTES);
  readonly versions = new VersionRecords();
  private readonly accounts = new Numbered<IndexedAccount>();
  private readonly applications = new Numbered<IndexedApplication>();
  private readonly traits = new TraitsTable();
  private readonly active = new Map<string, Endpoint>();
  private table: EndpointTable | undefined;
  private count = 0;
  /** True after an event of the catalogue that cannot be read. */
  catalogueUnreadable = false;

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
    hashOf: (record) => hashOfDigits(this.credentials.bytes(record), this.credentials.offset(record) + FIELD.digits),
    equals: (record, digits) => this.hasDigits(record, digits),
  });

  /** Stands in where a public part is unknown, so that the work is the same: nobody has its secret. */
  readonly decoy = this.insertDecoy();

  get size(): number {
    return this.count;
  }

  /** The active endpoints of the catalogue. */
  get endpoints(): EndpointTable {
    return (this.table ??= new EndpointTable(
      [...this.active].map(([endpointId, { method, path }]) => ({ endpointId, method, path })),
    ));
  }

  /** Null: it is retired. */
  setEndpoint(endpointId: string, endpoint: Endpoint | null): void {
    if (endpoint === null) this.active.delete(endpointId);
    else this.active.set(endpointId, endpoint);
    this.table = undefined;
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
    const known = this.account(accountId) ?? {
      accountId,
      suspended: false,
      cidrs: [],
      tokenId: null,
      allowedIps: null,
    };
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
    const traits = this.traitsOf(record);
    const { publicPrefix, credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints } = traits;
    const at = this.credentials.offset(record) + FIELD.digits;
    const digits = this.credentials.bytes(record).toString('latin1', at, at + DIGITS);
    return {
      ...{ credentialType, mode, environment, scopes, bindsIpAllowlist, bindsEndpoints },
      isAccountToken: traits.isAccountToken,
      status: this.statusOf(record),
      applicationId: this.applicationOf(record)?.applicationId ?? null,
      expiresAt: instantOf(this.expiresAtMs(record)),
      publicPart: publicPrefix === null ? null : `${publicPrefix}_${digits}`,
      versions: this.versions.list(this.firstVersionOf(record)),
    };
  }

  /** Undefined removes it. Its account and its application must be there. */
  setCredential(accountId: string, credentialId: string, credential: VerifiableCredential | undefined): void {
    const known = this.byId.find(idBytes(credentialId));
    if (known !== 0) this.remove(known);
    if (credential === undefined) return;
    const records = storedRecord(credentialId, credential);
    this.addStored({ accountId, applicationId: credential.applicationId, traits: traitsKey(credential), records });
  }

  /** Adds credentials that are not there yet. Their account and their application must be there. */
  addStored({ accountId, applicationId, traits, records }: StoredCredentials): void {
    const account = this.accounts.numberOf(accountId);
    if (account === undefined) throw new Error('The account of a credential is not in the index.');
    const application = applicationId === null ? undefined : this.applications.numberOf(applicationId);
    const shared = { account, application: application ?? NO_APPLICATION, traits: this.traits.numberOf(traits) };
    const hasPublicPart = this.traits.get(shared.traits).publicPrefix !== null;
    for (let at = 0; at < records.length; at += storedBytes(records, at)) {
      const record = this.insert(shared, records, at);
      this.byId.add(record);
      if (hasPublicPart) this.byPublicPart.add(record);
      else this.versions.addDigests(this.firstVersionOf(record));
      this.count += 1;
    }
  }

  /** The record of the credential with this public part, or the decoy. */
  findPublicPart(publicPart: string): number {
    const [prefix, digits] = splitPublic(publicPart);
    const found = this.byPublicPart.find(digits);
    const record = found === 0 ? this.decoy : found;
    // Where one was found its digits were compared.
    const isSame = found === 0 ? this.hasDigits(record, digits) : true;
    return this.traitsOf(record).publicPrefix === prefix && isSame ? record : this.decoy;
  }

  /** Its first version; 0 for none. */
  firstVersionOf(credential: number): number {
    return this.word(credential, FIELD.version);
  }

  idOf(credential: number): string {
    const { bytes, at } = this.place(credential);
    return credentialIdOf(bytes, at + FIELD.id);
  }

  traitsOf(credential: number): Traits {
    return this.traits.get(this.word(credential, FIELD.traits));
  }

  accountOf(credential: number): IndexedAccount {
    const account = this.accounts.get(this.word(credential, FIELD.account));
    if (account === undefined) throw new Error('The index holds a credential without an account.');
    return account;
  }

  applicationOf(credential: number): IndexedApplication | undefined {
    return this.applications.get(this.word(credential, FIELD.application));
  }

  statusOf(credential: number): (typeof statuses)[number] {
    const { bytes, at } = this.place(credential);
    return statuses[bytes[at + FIELD.status] ?? 0] ?? 'revoked';
  }

  expiresAtMs(credential: number): number {
    const { bytes, at } = this.place(credential);
    return bytes.readDoubleLE(at + FIELD.expiresAt);
  }

  private place(credential: number): { readonly bytes: Buffer; readonly at: number } {
    return { bytes: this.credentials.bytes(credential), at: this.credentials.offset(credential) };
  }

  private word(credential: number, field: number): number {
    return this.credentials.bytes(credential).readUInt32LE(this.credentials.offset(credential) + field);
  }

  private remove(credential: number): void {
    const hasPublicPart = this.traitsOf(credential).publicPrefix !== null;
    this.versions.remove(this.firstVersionOf(credential), !hasPublicPart);
    if (hasPublicPart) this.byPublicPart.remove(credential);
    this.byId.remove(credential);
    this.traits.giveBack(this.word(credential, FIELD.traits));
    this.credentials.release(credential);
    this.count -= 1;
  }

  private hasDigits(credential: number, digits: Buffer): boolean {
    const at = this.credentials.offset(credential) + FIELD.digits;
    return this.credentials.bytes(credential).compare(digits, 0, DIGITS, at, at + DIGITS) === 0;
  }

  private insertDecoy(): number {
    const traits = this.traits.numberOf(traitsKey(DECOY));
    return this.insert({ account: 0, application: NO_APPLICATION, traits }, storedRecord('', DECOY), 0);
  }

  /** Makes a record of the stored one at `from`, which nothing finds yet. */
  private insert(shared: Shared, stored: Buffer, from: number): number {
    const record = this.credentials.allocate();
    const { bytes, at } = this.place(record);
    stored.copy(bytes, at, from, from + CREDENTIAL.bytes);
    bytes.writeUInt32LE(shared.account, at + FIELD.account);
    bytes.writeUInt32LE(shared.application, at + FIELD.application);
    bytes.writeUInt32LE(shared.traits, at + FIELD.traits);
    this.traits.use(shared.traits);
    const versions = from + CREDENTIAL.bytes + 1;
    const first = this.versions.add(record, stored, versions, stored[versions - 1] ?? 0);
    bytes.writeUInt32LE(first, at + FIELD.version);
    return record;
  }
}
