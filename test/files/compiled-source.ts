import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/wasm-typescript';

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../..');

export interface CompiledSource {
  /** Folder that stands for the package's own: `src/<room>/index.js` lies below it. */
  folder: string;
  remove(): void;
}

/**
 * The rooms' sources as JavaScript that child processes and worker threads can import, which vitest's own transformation
 * does not reach, in a folder of their own: always of the sources as they are, built or not.
 */
export function compileSource(rooms: readonly string[]): CompiledSource {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner source '));
  for (const room of rooms) {
    const files = readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' });
    for (const name of files.filter((file) => file.endsWith('.ts'))) {
      mkdirSync(join(folder, 'src', room, dirname(name)), { recursive: true });
      const { code } = transformSync(readFileSync(join(root, 'src', room, name), 'utf8'), {
        mode: 'transform',
        module: true,
      });
      writeFileSync(join(folder, 'src', room, name.replace(/\.ts$/, '.js')), code);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  if (rooms.includes('native')) symlinkSync(join(root, 'src/native/addon'), join(folder, 'src/native/addon'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
