import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { IssuedCredentialReply, Message, MessageReply, SignedWebhook } from '@keyledger/contract';
import { Webhook } from 'standardwebhooks';
import typescript from 'typescript';
import { newJourney, type Journey } from './harness/journey.js';
import { sharedServer } from './harness/shared-server.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');

/** The blocks of code of a section in one language, without what they are indented by in a list. */
const blocks = (heading: string, language: string): readonly string[] =>
  [...(page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^( *)```(\w+)\n([^]*?)^ *```$/gm)]
    .filter(([, , tag]) => tag === language)
    .map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));

const VERIFY = 'Verify what you receive';
const ROTATE = 'Rotate a signer without losing a webhook';

const SECRET = `whsec_${Buffer.alloc(36, 7).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(36, 8).toString('base64')}`;
const body = '{"id":7,"text":"é ☃"}';

interface Case {
  readonly name: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly good: boolean;
}

const headersBy = (secrets: readonly string[], secondsAgo = 0): Record<string, string> => {
  const at = new Date(Date.now() - secondsAgo * 1000);
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign('msg_1', at, body)).join(' '),
  };
};

const cases = (): readonly Case[] => {
  const headers = headersBy([SECRET]);
  const good: Case = { name: 'a good one', secret: SECRET, headers, body, good: true };
  const bad = (name: string, change: Partial<Case>): Case => ({ ...good, name, good: false, ...change });
  const withHeader = (name: string, value: string): Partial<Case> => ({ headers: { ...headers, [name]: value } });
  return [
    good,
    { ...good, name: 'two signatures', headers: headersBy([OTHER, SECRET]) },
    { ...good, name: 'two the other way round', headers: headersBy([SECRET, OTHER]) },
    bad('another secret', { secret: OTHER }),
    bad('another body', { body: `${body} ` }),
    bad('another id', withHeader('webhook-id', 'msg_2')),
    bad('sent long ago', { headers: headersBy([SECRET], 400) }),
    bad('sent in the future', { headers: headersBy([SECRET], -400) }),
    bad('a time that is none', withHeader('webhook-timestamp', 'soon')),
    bad('no signature', withHeader('webhook-signature', '')),
    bad('another scheme', withHeader('webhook-signature', headers['webhook-signature']?.replace('v1', 'v1a') ?? '')),
    bad('a signature cut short', withHeader('webhook-signature', headers['webhook-signature']?.slice(0, -4) ?? '')),
    bad('what is not ASCII', withHeader('webhook-signature', `v1,${'é'.repeat(44)}`)),
    bad('no headers at all', { headers: {} }),
  ];
};

const answersOf = (all: readonly Case[], isGood: readonly boolean[]): Record<string, boolean> =>
  Object.fromEntries(all.map(({ name }, index) => [name, isGood[index] === true]));

const expected = (all: readonly Case[]): Record<string, boolean> =>
  Object.fromEntries(all.map(({ name, good }) => [name, good]));

type IsGenuine = (secret: string, headers: Readonly<Record<string, string>>, body: string) => boolean;

const fromPage = async (): Promise<IsGenuine> => {
  const [code = ''] = blocks(VERIFY, 'ts');
  const { module, target } = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  const { outputText } = typescript.transpileModule(code, { compilerOptions: { module, target } });
  const folder = await mkdtemp(join(tmpdir(), 'keyledger-webhooks-'));
  try {
    await writeFile(join(folder, 'check.mjs'), outputText);
    return ((await import(join(folder, 'check.mjs'))) as { isGenuine: IsGenuine }).isGenuine;
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** What makes a program of the page's code: it reads cases, and writes a list of answers. */
const PYTHON_MAIN = `
import json, sys
with open(sys.argv[1], encoding="utf-8") as cases:
    print(json.dumps([is_genuine(c["secret"], c["headers"], c["body"].encode()) for c in json.load(cases)]))
`;

const GO_MAIN = `package main

import (
	"encoding/json"
	"os"
)

func main() {
	var cases []struct {
		Secret  string
		Headers map[string]string
		Body    string
	}
	file, _ := os.ReadFile(os.Args[1])
	if err := json.Unmarshal(file, &cases); err != nil {
		panic(err)
	}
	answers := []bool{}
	for _, each := range cases {
		header := func(name string) string { return each.Headers[name] }
		answers = append(answers, isGenuine(each.Secret, header, []byte(each.Body)))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
`;

const isThere = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));

/** Where a language is missing it is said, and refused where it must be there. */
const mayRun = (program: string, name: string): boolean => {
  if (isThere(program)) return true;
  if ((process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes(name)) throw new Error(`${program} is not there.`);
  console.warn(`SKIPPED: the check in ${name} was not run, because there is no ${program}.`);
  return false;
};

describe('the checks that docs/webhooks.md shows to receivers', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyledger-webhooks-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const answersBy = async (program: string, args: readonly string[], all: readonly Case[]) => {
    await writeFile(join(folder, 'cases.json'), JSON.stringify(all));
    const { stdout } = await run(program, [...args, join(folder, 'cases.json')], { cwd: folder });
    return answersOf(all, JSON.parse(stdout) as readonly boolean[]);
  };

  it('tell good webhooks from bad ones in TypeScript', async () => {
    const isGenuine = await fromPage();
    const all = cases();
    const answers = all.map((each) => isGenuine(each.secret, each.headers, each.body));
    expect(answersOf(all, answers)).toEqual(expected(all));
  });

  it('take the headers of Node in strict TypeScript', async () => {
    const path = join(folder, 'check.ts');
    const call = 'export const isGood = ({ headers }: IncomingMessage) => isGenuine("", headers, "");';
    const more = `import type { IncomingMessage } from 'node:http';\n${call}\n`;
    await writeFile(path, `${blocks(VERIFY, 'ts')[0] ?? ''}${more}`);
    const { ModuleKind: kinds, ModuleResolutionKind: resolutions, ScriptTarget: targets } = typescript;
    const program = typescript.createProgram([path], {
      ...{
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
      },
      ...{ module: kinds.ESNext, moduleResolution: resolutions.Bundler, target: targets.ES2022 },
    });
    const mistakes = typescript.getPreEmitDiagnostics(program).map(({ messageText }) => messageText);
    expect(mistakes).toEqual([]);
  });

  it('tell good webhooks from bad ones in Python', async () => {
    if (!mayRun('python3', 'python')) return;
    await writeFile(join(folder, 'check.py'), (blocks(VERIFY, 'python')[0] ?? '') + PYTHON_MAIN);
    const all = cases();
    expect(await answersBy('python3', ['check.py'], all)).toEqual(expected(all));
  });

  it('tell good webhooks from bad ones in Go', async () => {
    if (!mayRun('go', 'go')) return;
    await writeFile(join(folder, 'check.go'), blocks(VERIFY, 'go')[0] ?? '');
    await writeFile(join(folder, 'main.go'), GO_MAIN);
    await run('go', ['build', '-o', 'check', 'check.go', 'main.go'], {
      cwd: folder,
      env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
    });
    const all = cases();
    expect(await answersBy(join(folder, 'check'), [], all)).toEqual(expected(all));
  });
});

describe('what docs/webhooks.md shows to those who send', () => {
  const visit = sharedServer();
  afterAll(() => visit.close());

  const [beginIt = '', signIt = ''] = blocks('Who signs', 'sh');
  const [sendIt = ''] = blocks('Have them sent', 'sh');
  const [rotateIt = '', verifyIt = '', finishIt = '', goBack = ''] = blocks(ROTATE, 'sh');

  interface Customer {
    readonly journey: Journey;
    readonly old: string;
    /** Runs commands of the page as they are pasted. */
    readonly does: <T>(commands: string, more?: Readonly<Record<string, string>>) => Promise<T>;
  }

  const newCustomer = async (): Promise<Customer> => {
    const journey = await newJourney(visit, visit.doors[0]);
    const { credential, secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
      type: 'api_secret',
    });
    const { accountId } = journey;
    const env = {
      ...{ PATH: process.env['PATH'], API: `${visit.server.httpUrl}/v1`, ACCOUNT: accountId },
      ...{ SIGNER: credential.credentialId, HOME: process.env['HOME'] },
      TOKEN: await visit.token(),
      SENDER: await visit.token({ roles: ['sender'], accounts: [accountId] }),
    };
    return {
      journey,
      old: secret['secret'] ?? '',
      does: async <T>(commands: string, more = {}) => {
        const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', commands], {
          cwd: root,
          env: { ...env, ...more },
        });
        return JSON.parse(stdout) as T;
      },
    };
  };

  const payload = '{"type":"invoice.paid","id":7}';

  /** Which of the secrets take a webhook that is sent now. */
  const takers = async ({ does }: Customer, secrets: readonly string[]): Promise<readonly boolean[]> => {
    const isGenuine = await fromPage();
    const { headers } = await does<SignedWebhook>(signIt);
    return secrets.map((secret) => isGenuine(secret, headers, payload));
  };

  it('begins with a signer, its secret and a token to send with', async () => {
    const { does } = await newCustomer();
    const show = `${beginIt}\nnode -p 'JSON.stringify(process.argv.slice(1))' "$SENDER" "$SIGNER" "$SECRET"`;
    const forms = await does<readonly string[]>(show, { KEYLEDGER_DATA_DIR: visit.server.dataDir });
    expect(forms).toEqual(
      [/^eyJ/, /^cred_/, /^whsec_[\w+/=]{32,}$/].map((form) => expect.stringMatching(form) as unknown),
    );
  });

  it('registers an endpoint and sends it a message', async () => {
    const { does, journey } = await newCustomer();
    const { messageId } = await does<MessageReply>(sendIt);
    const { deliveries } = await journey.does<Message>('WebhookService/GetMessage', { messageId });
    expect(deliveries).toHaveLength(1);
  });

  it('loses no webhook, step by step', async () => {
    const customer = await newCustomer();
    const { does, old } = customer;
    expect(await takers(customer, [old])).toEqual([true]);
    const next = (await does<IssuedCredentialReply>(rotateIt)).secret['secret'] ?? '';
    expect(await takers(customer, [old, next])).toEqual([true, true]);
    expect(await does(verifyIt, { NEXT: old })).toMatchObject({ valid: true, version: 1 });
    expect(await does(verifyIt, { NEXT: next })).toMatchObject({ valid: true, version: 2 });
    await does(finishIt);
    expect(await takers(customer, [old, next])).toEqual([false, true]);
  });

  it('can be gone back on', async () => {
    const customer = await newCustomer();
    const { does, old } = customer;
    const next = (await does<IssuedCredentialReply>(rotateIt)).secret['secret'] ?? '';
    expect(await takers(customer, [old, next])).toEqual([true, true]);
    await does(goBack);
    expect(await takers(customer, [old, next])).toEqual([true, false]);
  });
});
