import { parseConfig } from '@keyledger/edge';
import { explain } from './explain.js';
import { run } from './run.js';

try {
  await run(parseConfig(process.env));
} catch (error) {
  process.stderr.write(`${explain('start', error)}\n`);
  process.exit(1);
}
