import { instantOf, timeOf } from './instants.js';
import { RecordTable } from './record-table.js';
import { Slab } from './slab.js';
import type { VerifiableVersion } from './verifiable.js';

/** Where each field of a version stands in its record. */
const FIELD = { digest: 0, validUntil: 32, credential: 40, number: 44, next: 48, pepper: 52 };
const DIGEST_BYTES = 32;
const VERSION_BYTES = 56;

/** The versions of all secrets that no event has ended. Those of a credential are a list, the oldest first. */
export class VersionRecords {
  private readonly slab = new Slab(VERSION_BYTES);

  /** Those whose secret stands alone. */
  private readonly byDigest = new RecordTable<Buffer>({
    hash: (digest) => digest.readUInt32LE(0),
    hashOf: (version) => this.word(version, FIELD.digest),
    equals: (version, digest) => {
      const at = this.slab.offset(version);
      return this.slab.bytes(version).compare(digest, 0, DIGEST_BYTES, at, at + DIGEST_BYTES) === 0;
    },
  });

  /** The version with this digest, of a secret that stands alone; 0 for none. */
  find(digest: Buffer): number {
    return this.byDigest.find(digest);
  }

  /** A view of the digest, which is 32 bytes long. */
  digestOf(version: number): Buffer {
    const at = this.slab.offset(version);
    return this.slab.bytes(version).subarray(at, at + DIGEST_BYTES);
  }

  /** Of the version after this one; 0 for none. */
  nextOf(version: number): number {
    return this.word(version, FIELD.next);
  }

  credentialOf(version: number): number {
    return this.word(version, FIELD.credential);
  }

  numberOf(version: number): number {
    return this.word(version, FIELD.number);
  }

  pepperVersionOf(version: number): number {
    return this.slab.bytes(version).readUInt16LE(this.slab.offset(version) + FIELD.pepper);
  }

  validUntilMs(version: number): number {
    return this.slab.bytes(version).readDoubleLE(this.slab.offset(version) + FIELD.validUntil);
  }

  /** From `first` on. */
  list(first: number): readonly VerifiableVersion[] {
    const versions: VerifiableVersion[] = [];
    for (let each = first; each !== 0; each = this.nextOf(each)) {
      const digest = { value: this.digestOf(each).toString('base64url'), pepperVersion: this.pepperVersionOf(each) };
      versions.push({ version: this.numberOf(each), digest, validUntil: instantOf(this.validUntilMs(each)) });
    }
    return versions;
  }

  /** Adds the versions of a credential, and answers with the first one; 0 for none. */
  add(credential: number, versions: readonly VerifiableVersion[], standsAlone: boolean): number {
    let next = 0;
    for (const { version, digest, validUntil } of versions.toReversed()) {
      const record = this.slab.allocate();
      const bytes = this.slab.bytes(record);
      const at = this.slab.offset(record);
      Buffer.from(digest.value, 'base64url').copy(bytes, at + FIELD.digest, 0, DIGEST_BYTES);
      bytes.writeDoubleLE(timeOf(validUntil), at + FIELD.validUntil);
      bytes.writeUInt32LE(credential, at + FIELD.credential);
      bytes.writeUInt32LE(version, at + FIELD.number);
      bytes.writeUInt32LE(next, at + FIELD.next);
      bytes.writeUInt16LE(digest.pepperVersion, at + FIELD.pepper);
      if (standsAlone) this.byDigest.add(record);
      next = record;
    }
    return next;
  }

  /** All from `first` on. */
  remove(first: number, standsAlone: boolean): void {
    for (let each = first; each !== 0;) {
      const next = this.nextOf(each);
      if (standsAlone) this.byDigest.remove(each);
      this.slab.release(each);
      each = next;
    }
  }

  private word(version: number, field: number): number {
    return this.slab.bytes(version).readUInt32LE(this.slab.offset(version) + field);
  }
}
