export { IssuingModule, issuingSchema } from './issuing.module.js';
