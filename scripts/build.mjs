// Compiles TypeScript into dist/. Files that are read as they are (the addon's C++, manifests) are not copied: the
// package ships them beside dist/.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await Promise.all([import('./bundle-study.mjs'), import('./bundle-workers.mjs')]);
