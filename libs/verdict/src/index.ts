export * from './endpoint-table.js';
export * from './ip-blocks.js';
export * from './verdict.js';
