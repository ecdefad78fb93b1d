/** Loads what users bring: modules in JavaScript or TypeScript, on every line of Node, and saved models. */
export { loadDefault } from './load-module.js';
export { isSavedModel, readSavedModel, type SavedModelFiles, savedModelIn } from './saved-model.js';
