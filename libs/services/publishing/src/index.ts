export { toPublicEvent } from './public-event.js';
export { publishing } from './publishing.module.js';
