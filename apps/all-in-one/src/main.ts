import { explain, parseConfig } from '@keyledger/edge';
import { run } from './run.js';

try {
  await run(parseConfig(process.env, ['master-key']));
} catch (error) {
  process.stderr.write(`${explain('start', error)}\n`);
  process.exit(1);
}
