import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The first block of code below this heading of a page, as JavaScript. */
const codeBelow = (page: string, heading: string): string => {
  const block = new RegExp(`^#+ ${heading}\n[^]*?^\`\`\`(\\w+)\n([^]*?)^\`\`\`$`, 'm');
  const [, language, code] = block.exec(readFileSync(join(root, page), 'utf8')) ?? [];
  if (code === undefined) throw new Error(`There is no code below "${heading}" in ${page}.`);
  if (language === 'js') return code;
  return transformSync(code, { filename: 'program.ts', configFile: join(root, '.swcrc'), sourceMaps: false }).code;
};

export interface DocumentedProgram {
  readonly url: string;
  /** All that it has printed. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Runs a server that a page of the documentation shows, as it stands there. It has to listen on PORT. */
export const startDocumented = async (
  page: string,
  heading: string,
  env: Readonly<Record<string, string>>,
): Promise<DocumentedProgram> => {
  const folder = mkdtempSync(join(tmpdir(), `keyledger-documented-${process.pid}-`));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'program.mjs'), codeBelow(page, heading));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const program = spawn(process.execPath, ['program.mjs'], { cwd: folder, env: { ...env, PORT: `${port}` } });
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const listens = (): Promise<boolean> =>
    fetch(url).then(
      (response) => response.text().then(() => true),
      () => false,
    );
  await eventually(async () => {
    if (program.exitCode !== null) throw new Error(`It ended with ${program.exitCode}.\n${output}`);
    return { seen: output, ...((await listens()) ? { answer: true } : {}) };
  });
  const stop = async (): Promise<void> => {
    program.kill();
    if (program.exitCode === null && program.signalCode === null) await once(program, 'exit');
    rmSync(folder, { recursive: true });
  };
  return { url, output: () => output, stop };
};
