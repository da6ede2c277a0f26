import { openApiDocument } from '@keyledger/edge';
import { slices } from './slices.js';

process.stdout.write(`${JSON.stringify(await openApiDocument(slices), null, 2)}\n`);
