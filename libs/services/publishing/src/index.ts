export { feed } from './feed/feed.module.js';
export { toPublicEvent } from './public-event.js';
export { publishing } from './publishing.module.js';
