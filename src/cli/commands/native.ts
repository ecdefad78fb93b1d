import { exitCodes } from '../../errors/index.js';
import type { DoctorReport, DoctorRow } from '../../native/index.js';
import { type Colors, colorsFor, renderTable } from '../../report/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { interruptedCode } from '../exit-code.js';
import { openInstallView } from '../install-progress.js';
import { listenForInterrupt } from '../interrupt.js';
import { widthOf } from '../width.js';

// the native room is loaded by these commands only
const loadNative = () => import('../../native/index.js');

export const nativeInstall = defineCommand({
  words: ['native', 'install'],
  description: 'download and compile the native library',
  options: ['force', 'json'],
  async run({ options: { force, json } }, io) {
    const { install } = await loadNative();
    const view = await openInstallView(io);
    const { signal, stop } = listenForInterrupt(() => view.close());
    try {
      const paths = await install({ force, onProgress: view.onProgress, signal });
      view.close();
      io.stdout.write(
        json ? `${JSON.stringify({ type: 'native', ...paths })}\n` : `installed: ${paths.libtensorflow}\n`,
      );
      return 0;
    } catch (error) {
      if (signal.aborted) return interruptedCode;
      throw error;
    } finally {
      stop();
      view.close();
    }
  },
});

export const nativeDoctor = defineCommand({
  words: ['native', 'doctor'],
  description: 'say what this machine lacks, and what to do about it',
  options: ['json'],
  async run({ options: { json } }, { stdout }) {
    const { doctor } = await loadNative();
    const report = await doctor();
    const text = json
      ? JSON.stringify({ type: 'doctor', ...report })
      : renderDoctor(report, widthOf(stdout), colorsFor(stdout));
    stdout.write(`${text}\n`);
    return report.ok ? 0 : exitCodes.machine;
  },
});

function renderDoctor({ rows }: DoctorReport, width: number, colors: Colors): string {
  const columns = [
    { title: '', rank: 0 },
    { title: 'what', rank: 0 },
    { title: 'wanted', rank: 2 },
    { title: 'found', rank: 1 },
  ];
  const cells = rows.map(({ what, wanted, found, ok }) => [
    ok ? colors.green('✓') : colors.red('✗'),
    what,
    wanted,
    found,
  ]);
  return [...renderTable(columns, cells, width), ...rows.flatMap((row) => (row.ok ? [] : explain(row)))].join('\n');
}

/** Where a thing was looked for that is not as it should be, and what to do. */
function explain({ what, tried, todo }: DoctorRow): string[] {
  const looked = tried.map(({ place, why }) => `  ${place}: ${why}`);
  return ['', what, ...looked, ...(todo === undefined ? [] : [`  → ${todo}`])];
}

export const nativePath = defineCommand({
  words: ['native', 'path'],
  description: 'print where the native library is',
  options: ['json'],
  async run({ options: { json } }, { stdout }) {
    const { homeDirectory, locate } = await loadNative();
    const paths = await locate();
    if (paths === undefined) throw errors.CLI_NATIVE_MISSING({ home: homeDirectory() });
    const lines = Object.entries(paths).map(([name, path]) => `${name}: ${[path].flat().join(' ')}`);
    stdout.write(json ? `${JSON.stringify({ type: 'native', ...paths })}\n` : `${lines.join('\n')}\n`);
    return 0;
  },
});
