import { TextDecoder } from 'node:util';
import { withSecretsMasked } from '@keyledger/secrets';

/** So much of an answer is shown. */
const SHOWN_BYTES = 1_024;

/** Longer than any of our secrets, also when it is percent-encoded. */
const LONGEST_SECRET = 256;

/**
 * The beginning of an answer. It reads on past what is shown, because a secret that is cut off is not recognised: what
 * may be the beginning of one at the end is left away.
 */
export class Excerpt {
  #decoder: TextDecoder | undefined;
  #text = '';
  #bytes = 0;

  /** Takes the next bytes, and keeps what it needs of them. */
  add(chunk: Uint8Array): void {
    const missing = SHOWN_BYTES + LONGEST_SECRET - this.#bytes;
    this.#bytes += chunk.length;
    if (missing <= 0) return;
    this.#decoder ??= new TextDecoder();
    this.#text += this.#decoder.decode(chunk.subarray(0, missing), { stream: true });
  }

  /** How many bytes have come in all. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Text that PostgreSQL takes too, which knows no NUL. */
  get text(): string {
    if (this.#text === '') return '';
    const masked = Buffer.from(withSecretsMasked(this.#text.replaceAll('\0', '\ufffd')));
    const isWhole = this.#bytes <= SHOWN_BYTES + LONGEST_SECRET;
    const shown = Math.min(SHOWN_BYTES, isWhole ? masked.length : Math.max(0, masked.length - LONGEST_SECRET));
    // A character that is cut off stays in the decoder.
    return new TextDecoder().decode(masked.subarray(0, shown), { stream: true });
  }
}
