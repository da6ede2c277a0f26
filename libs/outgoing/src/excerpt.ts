import { withSecretsMasked } from '@keyledger/secrets';

/** So much of an answer is shown. */
const SHOWN_BYTES = 1_024;

/** Longer than any of our secrets, also when it is percent-encoded. */
const LONGEST_SECRET = 256;

const READ_BYTES = SHOWN_BYTES + LONGEST_SECRET;

/** The first bytes as text, without the rest of a character that is cut off. */
const textOf = (bytes: Buffer, most: number): string => {
  let end = Math.max(0, Math.min(most, bytes.length));
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
};

/**
 * The beginning of an answer. It reads on past what is shown, because a secret that is cut off is not recognised: what
 * may be the beginning of one at the end is left away.
 */
export class Excerpt {
  readonly #kept: Buffer[] = [];
  #bytes = 0;

  /** Copies what it needs, so that the chunk can go. */
  add(chunk: Buffer): void {
    if (this.#bytes < READ_BYTES) this.#kept.push(Buffer.from(chunk.subarray(0, READ_BYTES - this.#bytes)));
    this.#bytes += chunk.length;
  }

  /** How many bytes have come in all. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Text that PostgreSQL takes too, which knows no NUL. */
  get text(): string {
    if (this.#bytes === 0) return '';
    const read = Buffer.concat(this.#kept).toString().replaceAll('\0', '\ufffd');
    const masked = Buffer.from(withSecretsMasked(read));
    return textOf(
      masked,
      this.#bytes > READ_BYTES ? Math.min(SHOWN_BYTES, masked.length - LONGEST_SECRET) : SHOWN_BYTES,
    );
  }
}
