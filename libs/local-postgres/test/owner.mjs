// A process that owns a data directory until it is killed. It tells what happened in one line of JSON.
import { startLocalPostgres } from '../dist/index.js';

try {
  const { url } = await startLocalPostgres({ dataDir: process.argv[2] });
  process.stdout.write(`${JSON.stringify({ url })}\n`);
  setInterval(() => undefined, 1_000_000);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ name: error.name, message: error.message })}\n`);
  process.exitCode = 1;
}
