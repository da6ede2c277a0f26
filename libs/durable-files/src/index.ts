export { hasCode, readIfPresent, readOrCreateFile, syncDirectory } from './read-or-create-file.js';
