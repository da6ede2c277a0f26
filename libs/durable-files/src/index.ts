export { readOrCreateFile, type FileText } from './read-or-create-file.js';
