/** Loads modules that users write, in JavaScript or TypeScript, on every line of Node. */
export { loadDefault } from './load-module.js';
