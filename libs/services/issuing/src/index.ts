export { issuing } from './issuing.module.js';
