export { toPublicEvent } from './public-event.js';
