export { feed } from './feed/feed.module.js';
export { publishing } from './publishing.module.js';
