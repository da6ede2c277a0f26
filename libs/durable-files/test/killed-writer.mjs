// Is killed where the draft would be linked into place: `node --import <loader of TypeScript> killed-writer.mjs <path> <text>`.
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

promises.link = () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};
syncBuiltinESMExports();

const [, , path, text] = process.argv;
const { readOrCreateFile } = await import('../src/read-or-create-file.ts');
await readOrCreateFile(path, () => text);
