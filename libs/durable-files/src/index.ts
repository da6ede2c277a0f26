export { hasCode } from './codes.js';
export { openPrivateDirectory, readPrivateFile, UnfitForSecrets } from './private.js';
export { readIfPresent, readOrCreateFile, syncDirectory } from './read-or-create-file.js';
