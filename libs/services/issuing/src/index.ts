export { issuing, IssuingModule } from './issuing.module.js';
