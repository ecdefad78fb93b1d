// Compiles the companion addon with AddressSanitizer and UndefinedBehaviorSanitizer, and runs studies and wrong calls on it: no
// access outside of memory, nothing used after it was freed, no leak of the addon's own.
//   npm run sanitize; Linux with GCC or Clang; two minutes
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../dist/src/native/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.cache', 'sanitize');
const addon = join(folder, 'segment.node');
const compiler = process.env.CXX ?? 'c++';
const sanitizers = '-fsanitize=address,undefined';

function compile(native) {
  mkdirSync(folder, { recursive: true });
  const headers = join(dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')), 'include');
  const libraries = native.libraries.map((path) => dirname(path));
  execFileSync(
    compiler,
    [
      ...[sanitizers, '-g', '-O1', '-fno-omit-frame-pointer', '-std=c++17', '-fPIC', '-shared'],
      ...['-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION', '-I', headers, '-I', includeFolder(native)],
      ...[join(root, 'src', 'native', 'addon', 'segment.cc'), '-Wl,--unresolved-symbols=ignore-all'],
      ...native.libraries,
      ...libraries.flatMap((path) => ['-Xlinker', '-rpath', '-Xlinker', path]),
      ...['-o', addon],
    ],
    { stdio: 'inherit' },
  );
}

/** The library's headers lie beside it. */
function includeFolder(native) {
  return join(dirname(native.libraries[0]), 'include');
}

const native = await install();
compile(native);
const runtime = execFileSync(compiler, ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();
const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [join(root, 'scripts', 'sanitized-calls.mjs'), JSON.stringify({ ...native, segmentAddon: addon })],
  {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: {
      ...process.env,
      LD_PRELOAD: runtime,
      // V8 maps memory where it likes, and its own threads never give all of theirs back: leaks are told apart below
      ASAN_OPTIONS: 'detect_leaks=1:abort_on_error=0:allocator_may_return_null=1:detect_odr_violation=0',
      UBSAN_OPTIONS: 'print_stacktrace=1',
      LSAN_OPTIONS: 'exitcode=0:max_leaks=0:report_objects=0',
    },
  },
);
process.stdout.write(stdout);
const faults = /ERROR: AddressSanitizer|runtime error:/.exec(stderr);
// Only what the addon allocated itself, or had TensorFlow allocate for it: Node frees its own 40 bytes around an external value
// when that is garbage collected, and not where a thread ends before.
const isOurs = (report) =>
  /leak of/.test(report) && /segment\.cc/.test(report) && !/#1 .*napi_create_external/.test(report);
const leaks = stderr.split(/\n\n+/).filter(isOurs);
if (faults || leaks.length > 0) {
  console.error(faults ? stderr.slice(Math.max(0, faults.index - 500), faults.index + 6000) : leaks.join('\n\n'));
}
if (status !== 0 && !faults) console.error(stderr.slice(0, 4000));
console.log(`${leaks.length} leaks through the addon, ${faults ? 'a' : 'no'} fault of memory, exit status ${status}`);
process.exit(faults || leaks.length > 0 || status !== 0 ? 1 : 0);
