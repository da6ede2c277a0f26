export { webhooks } from './webhooks.module.js';
