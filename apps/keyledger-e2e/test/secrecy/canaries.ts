/** Long enough that no other text has it by chance, and far shorter than any secret. */
const NEEDLE_LENGTH = 16;

const middleOf = (text: string): string => {
  const start = Math.max(0, Math.floor((text.length - NEEDLE_LENGTH) / 2));
  return text.slice(start, start + NEEDLE_LENGTH);
};

/** A secret inside base64 of something longer looks different for each of the three places where it can begin. */
const base64Forms = (secret: string): readonly string[] =>
  ['', 'x', 'xx'].flatMap((before) => {
    const bytes = Buffer.from(before + secret);
    return [bytes.toString('base64'), bytes.toString('base64url')];
  });

const hexForms = (bytes: Buffer): readonly string[] => [bytes.toString('hex'), bytes.toString('hex').toUpperCase()];

/** The parts of a webhook secret that a program might store instead of its text. */
const decodedForms = (secret: string): readonly string[] => {
  if (!secret.startsWith('whsec_')) return [];
  const bytes = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return [bytes.toString('latin1'), ...hexForms(bytes), bytes.toString('base64url')];
};

/** Every way in which a secret could be written down: as it is, URL-encoded, as base64 or as hex. */
export const formsOf = (secret: string): readonly string[] => [
  ...[secret, encodeURIComponent(secret), JSON.stringify(secret)],
  ...base64Forms(secret),
  ...hexForms(Buffer.from(secret)),
  ...decodedForms(secret),
];

/** Secrets that must turn up nowhere but where they were shown. */
export class Canaries {
  private readonly needles = new Map<string, string>();
  private readonly secrets = new Set<string>();

  get count(): number {
    return this.secrets.size;
  }

  get all(): readonly string[] {
    return [...this.secrets];
  }

  add(secret: string): void {
    if (this.secrets.has(secret)) return;
    this.secrets.add(secret);
    // The end of a secret is shown on purpose, and the prefix is no secret: the middle is what gives it away.
    for (const form of formsOf(secret))
      this.needles.set(middleOf(form), `${secret.slice(0, 4)}… as ${form.slice(0, 8)}…`);
  }

  /** What the text gives away, a few words for each. */
  leaksIn(text: string): readonly string[] {
    const leaks: string[] = [];
    for (let at = 0; at + NEEDLE_LENGTH <= text.length; at += 1) {
      const found = this.needles.get(text.slice(at, at + NEEDLE_LENGTH));
      if (found !== undefined) leaks.push(`${found} in ${JSON.stringify(text.slice(Math.max(0, at - 60), at))}`);
    }
    return leaks;
  }
}
