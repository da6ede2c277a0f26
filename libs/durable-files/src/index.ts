export { readOrCreateFile, syncDirectory } from './read-or-create-file.js';
