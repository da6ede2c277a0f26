import { RecordTable } from './record-table.js';
import { Slab } from './slab.js';
import { DIGEST_BYTES, VERSION, versionIn } from './stored-record.js';
import type { VerifiableVersion } from './verifiable.js';

/** Where each field of a version stands in its record: what is stored of it, and what holds only in this process. */
const FIELD = { ...VERSION, credential: VERSION.bytes, next: VERSION.bytes + 4 };
const RECORD_BYTES = VERSION.bytes + 8;

/** The versions of all secrets that no event has ended. Those of a credential are a list, the oldest first. */
export class VersionRecords {
  private readonly slab = new Slab(RECORD_BYTES);

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
      versions.push(versionIn(this.slab.bytes(each), this.slab.offset(each)));
    }
    return versions;
  }

  /** Adds `count` versions of a credential from their stored bytes, and answers with the first one; 0 for none. */
  add(credential: number, source: Buffer, from: number, count: number): number {
    let next = 0;
    for (let index = count - 1; index >= 0; index -= 1) {
      const record = this.slab.allocate();
      const bytes = this.slab.bytes(record);
      const at = this.slab.offset(record);
      const start = from + index * VERSION.bytes;
      source.copy(bytes, at, start, start + VERSION.bytes);
      bytes.writeUInt32LE(credential, at + FIELD.credential);
      bytes.writeUInt32LE(next, at + FIELD.next);
      next = record;
    }
    return next;
  }

  /** All from `first` on can be found by their digests: their secrets stand alone. */
  addDigests(first: number): void {
    for (let each = first; each !== 0; each = this.nextOf(each)) this.byDigest.add(each);
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
