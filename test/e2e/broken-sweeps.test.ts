/** What a person sees who runs a sweep file that is broken: the built command line, as it is. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { commandLine, type Outcome, runLines } from '../support/run-lines.js';
import {
  type Break,
  breakSweep,
  commonBreaks,
  crossBreaks,
  type Loose,
  modelBreaks,
  samplerBreaks,
  trialwiseBreaks,
} from '../tuner/broken/break.js';
import { samplers, soundSweep } from '../tuner/broken/sound-sweeps.js';

const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner broken lines '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const studies = join(folder, 'studies');

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const runAll = (paths: readonly string[]) =>
  runLines(paths.map((path) => ['run', path, '--dir', studies, '--workers', '1']));

/** One error, in words, and nothing else. */
function expectReadable({ code, stdout, stderr }: Outcome, errorCode: RegExp): void {
  expect(code, stderr).toBe(2);
  expect(stdout).toBe('');
  const told = stderr.split('\n');
  expect(told[0]).toMatch(/^error [A-Z_]+: /);
  expect(told[0]).toMatch(errorCode);
  expect(told.filter((line) => line.startsWith('error '))).toHaveLength(1);
  expect(told.at(-2)).toMatch(/^ {2}→ \S/);
  expect(stderr).not.toMatch(/\n\s+at |undefined|\[object|UNEXPECTED/);
}

describe('a broken sweep file', () => {
  it('is told of with its places and exit code 2, and leaves no study, 150 times', async () => {
    const model = (one: Break): [string, Break] => ['random', one];
    const cases: [string, Break][] = [
      ...[...commonBreaks, ...modelBreaks, ...trialwiseBreaks].map(model),
      ...Object.entries(samplers).flatMap(([name, options]) => samplerBreaks(name, options).slice(0, 2).map(model)),
      ...Object.entries(crossBreaks).flatMap(([strategy, breaks]) =>
        breaks.map((one): [string, Break] => [strategy, one]),
      ),
    ];
    expect(cases.length).toBeGreaterThanOrEqual(150);
    const paths = cases.map(([strategy, one], index) => {
      const sweep = soundSweep(strategy);
      breakSweep(sweep, one);
      return write(`broken-${index}.yaml`, stringify(sweep));
    });
    for (const [index, outcome] of (await runAll(paths)).entries()) {
      expectReadable(outcome, /TUNER_SWEEP_INVALID/);
      expect(outcome.stderr).toContain(paths[index]);
      expect(outcome.stderr).toContain(`: ${cases[index]![1].place}`);
      expect(outcome.stderr).toMatch(/line \d+, column \d+/);
    }
    expect(existsSync(studies)).toBe(false);
  });

  const whole = { model: 'mlp', dataset: 'spirals', strategy: { random: { trials: 2 } }, budget: { steps: 4 } };
  const goal = { metric: 'valAccuracy', direction: 'maximize' };

  it('is told of where only the model can tell', async () => {
    const cases: [Loose, RegExp][] = [
      [{ space: { learningRat: 0.1 } }, /UNKNOWN_HYPERPARAMETER.*"learningRat".*Did you mean "learningRate"/],
      [{ space: { hidden: 16, dropout: { float: [0, 1], when: { hiden: 16 } } } }, /SPACE_.*dropout.*hiden/],
      [
        { space: { hidden: { choice: [16, 32] }, dropout: { float: [0, 1], when: { hidden: 64 } } } },
        /SPACE_.*dropout/,
      ],
      [{ space: { learningRate: { choice: ['low', 'high'] } } }, /TUNER_MUTABLE_NOT_A_NUMBER.*learningRate.*low/],
      [{ constraints: ['hidden < width'] }, /SPACE_CONSTRAINT.*width/],
      [{ enqueue: [{ hidden: 17.5 }] }, /SPACE_.*hidden.*17\.5/],
      [{ objective: { ...goal, metric: 'valAcuracy' } }, /valAcuracy.*valAccuracy/],
      [{ model: 'mlpp' }, /TUNER_UNKNOWN_MODEL.*Did you mean "mlp"/],
      [
        { strategy: { pbt: { population: 2 } }, schedule: [{ at: 1, freeze: ['dropOut'] }] },
        /SCHEDULERS_SCHEDULE.*dropOut/,
      ],
    ];
    const paths = cases.map(([part], index) =>
      write(`late-${index}.yaml`, stringify({ ...whole, objective: goal, ...part })),
    );
    for (const [index, outcome] of (await runAll(paths)).entries()) expectReadable(outcome, cases[index]![1]);
    expect(existsSync(studies)).toBe(false);
  });
});

describe('a sweep in code that is broken', () => {
  const sound = `study: 'a', model: 'mlp', dataset: 'spirals', objective: { metric: 'a', direction: 'minimize' }`;
  it.each<[string, string | Uint8Array, RegExp]>([
    ['torn.ts', `export default { ${sound}`, /MODULES_FAILED.*torn\.ts:1 it fails: SyntaxError/],
    ['torn.cjs', `module.exports = { ${sound}`, /MODULES_FAILED.*torn\.cjs:\d it fails: SyntaxError/],
    ['binary.js', new Uint8Array([0, 1, 255, 254, 7]), /MODULES_FAILED.*binary\.js:1 it fails: SyntaxError/],
    ['enum.ts', `enum A { B }\nexport default { ${sound} }`, /MODULES_FAILED.*enum\.ts:1.*enum/],
    ['waits.mjs', 'await new Promise(() => {});\nexport default {};', /MODULES_FAILED.*top-level await never ends/],
    ['circle.mjs', `const a = { ${sound} }; a.space = { a }; export default a;`, /TUNER_SWEEP_INVALID/],
  ])('%s ends the process with exit code 2 and one message', async (name, text, message) => {
    const path = write(name, text);
    const outcome = await new Promise<Outcome>((resolve) => {
      execFile(process.execPath, [commandLine, 'run', path, '--dir', studies], (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });
    expectReadable(outcome, message);
    expect(outcome.stderr).toContain(path);
    expect(existsSync(studies)).toBe(false);
  });
});
