import { readFileSync } from 'node:fs';
import { createContext, SourceTextModule } from 'node:vm';
import { builtInTypes, type CredentialType } from '@keyledger/domain';
import { transformSync } from '@swc/core';
import { isWellFormedToken, isWellFormedWebhookSecret, tokenPatterns } from '../src/tokens.js';

const zeros = '0'.repeat(43);
const tokens = [
  `kcs_${zeros}1AXgRe`,
  'key_live_yhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp12qRk0O',
  'key_test_00000000000000000000000000000000000000000011jOgGc',
];
const webhookSecrets = [
  'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAZClWt',
  'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFuDWU7',
];
const others = [
  ...['', 'kat_', `kat_${zeros}1AXgRe`, `kcs_${zeros}1AXgRf`, `kcs_${zeros}1AXgRe\n`, ` kcs_${zeros}1AXgRe`],
  ...['whsec_', `whsec_${'A'.repeat(48)}`, `${webhookSecrets[0]}=`, `${webhookSecrets[0]}\n`],
];

interface Checks {
  readonly isWellFormedToken: (text: string) => boolean;
  readonly isWellFormedWebhookSecret: (text: string) => boolean;
}

/** The check as a context has it that holds nothing but ECMAScript: less than any browser. */
const inBareContext = async (): Promise<Checks> => {
  const source = readFileSync(new URL('../src/tokens.ts', import.meta.url), 'utf8');
  const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2020' } });
  const module = new SourceTextModule(code, { context: createContext({}) });
  await module.link((specifier) => {
    throw new Error(`${specifier} is imported.`);
  });
  await module.evaluate();
  return module.namespace as Checks;
};

describe.each([
  ['here', async () => ({ isWellFormedToken, isWellFormedWebhookSecret })],
  ['with nothing but ECMAScript', inBareContext],
])('the check of tokens, %s', (_, load) => {
  let checks: Checks;
  beforeAll(async () => {
    checks = await load();
  });

  it('knows tokens and webhook secrets apart from all else', () => {
    expect(tokens.map((text) => checks.isWellFormedToken(text))).toEqual(tokens.map(() => true));
    expect(webhookSecrets.map((text) => checks.isWellFormedWebhookSecret(text))).toEqual([true, true]);
    expect([...others, ...webhookSecrets].filter((text) => checks.isWellFormedToken(text))).toEqual([]);
    expect([...others, ...tokens].filter((text) => checks.isWellFormedWebhookSecret(text))).toEqual([]);
  });
});

describe('the published pattern', () => {
  const digits = (prefix: string, count: number): string => `${prefix}_${'0'.repeat(count)}`;
  const secretsOf = ({ secretPart, modes }: CredentialType): readonly string[] =>
    Object.values(modes ?? { any: secretPart.prefix }).map((prefix) =>
      digits(prefix, secretPart.format === 'token' ? 49 : 48),
    );
  const fields = builtInTypes.flatMap((type) => [
    ...(type.publicPart === null ? [] : [[type.publicPart.field, [digits(type.publicPart.prefix, 22)]] as const]),
    [type.secretPart.field, secretsOf(type)] as const,
    ...(type.saltField === null ? [] : [[type.saltField, [digits('whsec', 48)]] as const]),
  ]);

  it.each(fields)('of %s fits what the rules say of it, and nothing longer or of another prefix', (field, texts) => {
    const pattern = tokenPatterns[field as keyof typeof tokenPatterns];
    for (const text of texts) {
      expect(text).toMatch(pattern);
      for (const other of [`${text}0`, ` ${text}`, `${text}\n`, `x${text}`]) expect(other).not.toMatch(pattern);
    }
  });

  it('is there for each field, and for no other', () => {
    expect(Object.keys(tokenPatterns)).toEqual(fields.map(([field]) => field));
  });
});
