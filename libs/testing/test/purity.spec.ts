import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));

const rules = 'libs/domain/src/account/decide.ts';
const instants = 'libs/domain/src/instants.ts';
const verdict = 'libs/verdict/src/verdict.ts';
const contract = 'libs/contract/src/resources.ts';
const protos = 'libs/contract/src/protos.ts';
const edge = 'libs/services/edge/src/index.ts';

const impure = [
  ...["import 'node:fs';", "import 'fs';", "import { join } from 'path/posix';", "export * from 'node:url';"],
  ...["void import('./rejection.js');", 'process.exit();', "Buffer.from('');", "require('fs');", 'globalThis.x();'],
  ...['Math.random();', 'const { random } = Math;', 'setTimeout(() => {});', 'setInterval(() => {});'],
  ...['performance.now();', 'crypto.randomUUID();', "void fetch('');", "new Date('');", 'Date.now();'],
];
const clocks = ['Date.now();', 'new Date();', 'Date();', 'process.hrtime();'];
const pure = ["import './rejection.js';", 'Math.max(1, 2);', 'new TextEncoder();', 'new WeakMap<object, string>();'];

const cases = [
  ...[rules, verdict, contract].flatMap((path) => impure.map((source) => ({ path, source, allowed: false }))),
  ...[rules, verdict, contract].flatMap((path) => pure.map((source) => ({ path, source, allowed: true }))),
  { path: contract, source: "import { decide } from '@keyledger/domain';", allowed: false },
  { path: contract, source: "import type { CredentialType } from '@keyledger/domain';", allowed: true },
  ...clocks.map((source) => ({ path: instants, source, allowed: false })),
  { path: instants, source: "new Date(Date.parse('')).toISOString();", allowed: true },
  { path: protos, source: "import 'node:path';", allowed: true },
  { path: protos, source: 'process.exit();', allowed: false },
  { path: edge, source: "import 'node:fs';", allowed: true },
  { path: edge, source: 'new Date();', allowed: true },
];

describe('the rules and the contract', () => {
  let refusals: readonly (readonly string[])[];

  beforeAll(() => {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const input = JSON.stringify(cases);
    const output = execFileSync('node', ['libs/testing/test/lint-purity.mjs'], { cwd, env, input, encoding: 'utf8' });
    refusals = JSON.parse(output) as string[][];
  });

  it.each(cases.map((each, index) => ({ ...each, index })))('in $path, $source: $allowed', ({ allowed, index }) => {
    expect(refusals[index]?.length === 0).toBe(allowed);
  });
});
