export { readOrCreateFile, syncDirectory, type FileText } from './read-or-create-file.js';
