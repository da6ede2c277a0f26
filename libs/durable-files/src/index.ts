export { hasCode } from './codes.js';
export { openPrivateDirectory, readPrivateFile, readSmallFile, UnfitFile } from './private.js';
export { readIfPresent, readOrCreateFile, syncDirectory } from './read-or-create-file.js';
