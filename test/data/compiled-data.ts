import { type CompiledSource, compileSource } from '../files/compiled-source.js';

/** This room and those it imports as JavaScript, which child processes can import. */
export function compileData(): CompiledSource {
  return compileSource(['errors', 'files', 'random', 'data']);
}
