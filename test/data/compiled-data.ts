import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/wasm-typescript';
import { type CompiledSource, compileSource } from '../files/compiled-source.js';

const source = resolve(dirname(new URL(import.meta.url).pathname), '../../src/data');

/** This room and those it imports as JavaScript, which child processes can import. */
export function compileData(): CompiledSource {
  const compiled = compileSource(['errors', 'files', 'random']);
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const target = join(compiled.folder, 'src/data', name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const { code } = transformSync(readFileSync(join(source, name), 'utf8'), { mode: 'transform', module: true });
    writeFileSync(target, code);
  }
  return compiled;
}
