export { issuing, IssuingModule, issuingSchema } from './issuing.module.js';
