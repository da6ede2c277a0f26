const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The bytes as one big-endian number in base62, padded on the left with zeros to `width` digits. */
export const base62 = (bytes: Buffer, width: number): string => {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let digits = '';
  while (rest > 0n) {
    digits = ALPHABET.charAt(Number(rest % 62n)) + digits;
    rest /= 62n;
  }
  return digits.padStart(width, '0');
};

/** An unsigned 32-bit number in six base62 digits. Apart from `base62`, because every verification runs it. */
export const base62OfUint32 = (value: number): string => {
  let rest = value;
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
};
