// Lets plain Node import the TypeScript sources of our own packages, as Jest does for tests: what runs before Jest (its
// global setup) needs no build, and no half-written dist of a build that runs at the same time. Importing it is enough.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Node runs the hooks below in a thread of their own, where this module is loaded a second time.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, nextResolve) {
  const fromSources = context.parentURL?.endsWith('.ts') && specifier.startsWith('.');
  if (fromSources) return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
  if (!specifier.startsWith('@keyledger/')) return nextResolve(specifier, context);
  return nextResolve(specifier, { ...context, conditions: ['development', ...context.conditions] });
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { transform } = await import('@swc/core');
  const options = {
    filename: fileURLToPath(url),
    configFile: fileURLToPath(new URL('../../.swcrc', import.meta.url)),
    sourceMaps: 'inline',
  };
  const { code } = await transform(await readFile(new URL(url), 'utf8'), options);
  return { format: 'module', source: code, shortCircuit: true };
}
