import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.js';
import { wordOf } from '../../src/cli/options.js';
import { TunerError } from '../../src/errors/index.js';
import { StudyStore } from '../../src/store/index.js';
import type { StudySummary, TunerEvent } from '../../src/study/index.js';
import type { RunOptions, TuneOptions } from '../../src/tuner/index.js';
import { eventsOf, summary } from '../report/recorded.js';
import { simulateStudy } from '../report/simulated-study.js';
import { cli } from './support.js';

let root: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tfjs tuner cli '));
  const store = await StudyStore.create(root, 'mnist-pbt');
  store.append(...simulateStudy());
  store.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('help', () => {
  it('names every command, and each command’s help its options', async () => {
    const top = await cli(['--help']);
    expect(top).toMatchObject({ code: 0, stderr: '' });
    for (const { words, description, argument, options } of commands) {
      if (words.length === 1) expect(top.stdout).toContain(description);
      const own = await cli([...words, '--help']);
      expect(own).toMatchObject({ code: 0, stderr: '' });
      expect(own.stdout).toContain(`tfjs-tuner ${words.join(' ')}${argument ? ` ${argument.name.toUpperCase()}` : ''}`);
      for (const option of options) expect(own.stdout).toContain(`--${wordOf(option)}`);
    }
    expect((await cli(['run', '-h'])).stdout).toBe((await cli(['run', '--help'])).stdout);
  });

  it('is what one gets without a command, with the exit code of a wrong input', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(`${stderr}`).toBe((await cli(['--help'])).stdout);
    expect((await cli(['native'])).stderr).toContain('native doctor');
  });

  it('fits the terminal', async () => {
    const { stdout } = await cli(['run', '--help'], undefined, 60);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });

  it('has the version beside it', async () => {
    const { stdout } = await cli(['--version']);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('a command line that is wrong', () => {
  it.each<[string, string, RegExp]>([
    ['rum sweep.yaml', 'CLI_UNKNOWN_COMMAND', /not "rum"\. Did you mean "run"\?/],
    ['xyz', 'CLI_UNKNOWN_COMMAND', /must be one of run, resume, change, list/],
    ['native instal', 'CLI_UNKNOWN_COMMAND', /one of install, doctor, path, not "instal"\. Did you mean "install"\?/],
    ['-x', 'CLI_UNKNOWN_OPTION', /not -x/],
    ['run a.yaml --wokers 3', 'CLI_UNKNOWN_OPTION', /not --wokers\. Did you mean "--workers"\?/],
    ['list --seed 3', 'CLI_UNKNOWN_OPTION', /"tfjs-tuner list" takes the options --dir, --json, --help, not --seed/],
    ['run', 'CLI_MISSING_ARGUMENT', /"run" needs SWEEP/],
    ['show', 'CLI_MISSING_ARGUMENT', /"show" needs STUDY/],
    ['run a.yaml b.yaml', 'CLI_UNEXPECTED_ARGUMENT', /"run" has no use for "b.yaml"/],
    ['list all', 'CLI_UNEXPECTED_ARGUMENT', /"list" has no use for "all"/],
    ['run a.yaml --workers', 'CLI_BAD_OPTION', /--workers must be followed by an integer of at least 1/],
    ['run a.yaml --workers 0', 'CLI_BAD_OPTION', /--workers must be an integer of at least 1, not "0"/],
    ['run a.yaml --workers two', 'CLI_BAD_OPTION', /not "two"/],
    ['run a.yaml --workers 1.5', 'CLI_BAD_OPTION', /not "1.5"/],
    ['run a.yaml --workers 1e3', 'CLI_BAD_OPTION', /not "1e3"/],
    ['run a.yaml --seed -1', 'CLI_BAD_OPTION', /--seed/],
    [
      'run a.yaml --seed 9007199254740992',
      'CLI_BAD_OPTION',
      /--seed must be an integer of at least 0, not "9007199254740992"/,
    ],
    ['run a.yaml --backend tpu', 'CLI_BAD_OPTION', /--backend must be auto or cpu or gpu, not "tpu"/],
    ['export mnist-pbt', 'CLI_MISSING_OPTION', /"export" needs --to DIR/],
    ['predict out', 'CLI_MISSING_OPTION', /"predict" needs --input FILE/],
    ['predict out --input - --format xml', 'CLI_BAD_OPTION', /csv or jsonl or arrow, not "xml"/],
    ['data info mnits-10k', 'CLI_UNKNOWN_DATASET', /not "mnits-10k"\. Did you mean "mnist-10k"\?/],
  ])('%s: %s', async (line, code, expected) => {
    const outcome = await cli(line.split(' '));
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
    const [first, second] = outcome.stderr.split('\n');
    expect(first).toMatch(new RegExp(`^error ${code}: `));
    expect(first).toMatch(expected);
    expect(second).toMatch(/^ {2}→ \S/);
  });

  it('is told to a program too', async () => {
    const { stdout, stderr, code } = await cli(['show', 'nothing', '--dir', root, '--json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error STORE_STUDY_MISSING: /);
    expect(JSON.parse(stdout)).toEqual({
      type: 'error',
      code: 'STORE_STUDY_MISSING',
      message: expect.stringContaining('nothing'),
      todo: expect.any(String),
    });
  });
});

/** A tuner that tells a recorded study and then ends as the test wants it to. */
function tunerThat(end: Partial<StudySummary> | Error, seen: { sweep?: unknown; options?: TuneOptions } = {}) {
  const work = async (sweep: unknown, options: RunOptions) => {
    Object.assign(seen, { sweep, options });
    const events: TunerEvent[] = eventsOf(simulateStudy());
    for (const event of events) options.onEvent?.(event);
    if (end instanceof Error) throw end;
    options.onEvent?.({ type: 'summary', ...summary, ...end });
    return { ...summary, ...end };
  };
  return { tune: work, resume: work } as never;
}

describe('run and resume', () => {
  it.each(['run', 'resume'])('%s hands over what was given', async (command) => {
    const seen: { sweep?: unknown; options?: TuneOptions } = {};
    const line = `${command} 007 --workers 3 --backend cpu --dir D --data-dir=E --require-traced`;
    expect(await cli(line.split(' '), tunerThat({}, seen))).toMatchObject({ code: 0, stderr: '' });
    expect(seen.sweep).toBe('007');
    const { onEvent: _, onInstallProgress: __, signal, ...given } = seen.options!;
    expect(given).toEqual({ workers: 3, backend: 'cpu', directory: 'D', dataDirectory: 'E', requireTraced: true });
    expect(signal?.aborted).toBe(false);
  });

  it('takes a seed for a new study only', async () => {
    const seen: { options?: TuneOptions } = {};
    await cli(['run', 'a.yaml', '--seed', '9007199254740991'], tunerThat({}, seen));
    expect(seen.options?.seed).toBe(2 ** 53 - 1);
    await cli(['run', 'a.yaml', '--seed', '0'], tunerThat({}, seen));
    expect(seen.options?.seed).toBe(0);
    await cli(['run', 'a.yaml'], tunerThat({}, seen));
    expect(seen.options).not.toHaveProperty('seed');
    expect((await cli(['resume', 'a', '--seed', '1'])).stderr).toContain('CLI_UNKNOWN_OPTION');
  });

  it.each<[StudySummary['status'], number]>([
    ['completed', 0],
    ['target', 0],
    ['wall', 0],
    ['failed', 1],
    ['interrupted', 130],
  ])('of a study that is %s exits with %i', async (status, code) => {
    const outcome = await cli(['run', 'a.yaml', '--dir', "it's here", '--quiet'], tunerThat({ status }));
    expect(outcome.code).toBe(code);
    const advice = `go on with it: tfjs-tuner resume mnist-pbt --dir 'it'\\''s here'\n`;
    expect(outcome.stderr).toBe(status === 'interrupted' ? advice : '');
  });

  it.each<['input' | 'machine' | 'study', number]>([
    ['input', 2],
    ['machine', 3],
    ['study', 1],
  ])('that meet an error of kind %s exit with %i', async (kind, code) => {
    const error = new TunerError('ROOM_CODE', kind, 'what must hold', 'do this');
    const outcome = await cli(['run', 'a.yaml', '--quiet'], tunerThat(error));
    expect(outcome).toEqual({ code, stdout: '', stderr: 'error ROOM_CODE: what must hold\n  → do this\n' });
  });

  it('that meet a fault of the program show where, and ask to report it', async () => {
    const outcome = await cli(['run', 'a.yaml', '--json', '--quiet'], tunerThat(new TypeError('x is not a function')));
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/error UNEXPECTED: TypeError: x is not a function\n +at .*run-cli\.test\.ts/);
    expect(outcome.stderr).toMatch(/→ report this .* fault of tfjs-tuner \d+\.\d+\.\d+ \(Node v/);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ type: 'error', code: 'UNEXPECTED' });
  });

  it('with --json write nothing but JSON, the summary last', async () => {
    const { stdout } = await cli(['run', 'a.yaml', '--json'], tunerThat({}));
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects).toHaveLength(simulateStudy().length + 1);
    expect(objects.at(-1)).toEqual({ type: 'summary', ...summary });
  });

  it('write lines to a pipe, and draw on a terminal', async () => {
    const plain = await cli(['run', 'a.yaml'], tunerThat({}));
    expect(plain.stdout).toContain('generation 8 of 8');
    expect(plain.stdout).not.toContain('\u001b');
    const live = await cli(['run', 'a.yaml'], tunerThat({}), 100);
    expect(live.stdout).toContain('\u001b[?2026h');
    expect(live.stdout.endsWith(`digest ${summary.digest}\n`)).toBe(true);
  });

  it('leave the process’s signals as they were', async () => {
    const before = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal));
    await cli(['run', 'a.yaml', '--quiet'], tunerThat({}));
    await cli(['run', 'a.yaml', '--quiet'], tunerThat(new Error('x')));
    expect(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal))).toEqual(before);
  });
});

describe('list and show', () => {
  it('show what there is', async () => {
    const listed = await cli(['list', '--dir', root]);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      /^study +status +best +trials +steps +changed\nmnist-pbt +completed +valAccuracy 0\.978 +6 +6000 /,
    );
    const shown = await cli(['show', 'mnist-pbt', '--dir', root]);
    expect(shown.stdout).toContain('Family tree');
    expect(shown.stdout).not.toContain('\u001b');
  });

  it('are JSON for programs', async () => {
    const listed = JSON.parse((await cli(['list', '--dir', root, '--json'])).stdout);
    expect(listed).toMatchObject({ type: 'study', study: 'mnist-pbt', status: 'completed' });
    const shown = JSON.parse((await cli(['show', 'mnist-pbt', '--dir', root, '--json'])).stdout);
    expect(shown).toMatchObject({ type: 'study', study: 'mnist-pbt', best: { trial: 0 } });
  });

  it('say what mattered', async () => {
    const shown = await cli(['importance', 'mnist-pbt', '--dir', root]);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(
      /^study mnist-pbt: importance by ped-anova, of \d+ segments, by their gain among those of a generation\nparameter +share\n/,
    );
    for (const name of ['learningRate', 'momentum', 'hidden'])
      expect(shown.stdout).toMatch(new RegExp(`${name} +[01]\\.\\d{3}`));
    const lines = await cli(['importance', 'mnist-pbt', '--dir', root, '--method', 'shapley', '--json']);
    const told = lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({ type: 'importance', study: 'mnist-pbt', method: 'shapley', judged: 'segments' });
    expect(told.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(told[0].share).toBeGreaterThanOrEqual(told[2].share);
    const odd = await cli(['importance', 'mnist-pbt', '--method', 'anova']);
    expect(odd).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--method must be ped-anova or fanova or shapley'),
    });
  });

  it('say so when there is nothing', async () => {
    const folder = join(root, 'none');
    expect(await cli(['list', '--dir', folder])).toEqual({
      code: 0,
      stdout: '',
      stderr: `there are no studies in ${folder}\n`,
    });
    expect(await cli(['list', '--dir', folder, '--json'])).toEqual({ code: 0, stdout: '', stderr: '' });
    (await StudyStore.create(root, 'unbegun')).close();
    expect(await cli(['show', 'unbegun', '--dir', root])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no record yet'),
    });
  });

  it('tell which study is broken', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'tfjs-tuner-broken-'));
    const store = await StudyStore.create(broken, 'a');
    store.close();
    writeFileSync(join(broken, 'a/study.sqlite'), 'nonsense');
    const { stdout, code } = await cli(['list', '--dir', broken]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/a +broken/);
    expect(stdout).toContain('a: STORE_NOT_A_JOURNAL: ');
    rmSync(broken, { recursive: true });
  });
});

describe('the other commands', () => {
  it.each<[string, unknown]>([
    ['250', 250],
    ['0.5 epochs', '0.5 epochs'],
    ['plateau: { patience: 2, every: 2 epochs }', { plateau: { patience: 2, every: '2 epochs' } }],
  ])('change takes the interval %s as it is written in a sweep', async (interval, handedOver) => {
    const changes: unknown[] = [];
    const changeStudy = (async (...given: unknown[]) => void changes.push(given)) as never;
    const line = ['change', 'digits', '--interval', interval, '--target', '0.5'];
    expect(await cli(line, { changeStudy })).toMatchObject({ code: 0, stderr: '' });
    expect(changes).toEqual([['digits', { interval: handedOver, target: 0.5 }, {}]]);
  });

  it('change takes everything that a schedule can change, each as it is written there', async () => {
    const changes: unknown[] = [];
    const changeStudy = (async (...given: unknown[]) => void changes.push(given)) as never;
    const range = 'momentum: { float: [0.5, 0.9], start: 0 }';
    const words = [
      '--freeze',
      'dropout, rate',
      '--unfreeze',
      'decay',
      '--introduce',
      range,
      '--interval',
      '{ epochs: 2 }',
    ];
    const { code, stdout } = await cli(['change', 'digits', ...words, '--target', '-1e3', '--dir', 'D'], {
      changeStudy,
    });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'digits changes at its next decision: freeze, unfreeze, introduce, interval, target\n',
    });
    const change = {
      freeze: ['dropout', 'rate'],
      unfreeze: ['decay'],
      introduce: { momentum: { float: [0.5, 0.9], start: 0 } },
      interval: { epochs: 2 },
      target: -1000,
    };
    expect(changes).toEqual([['digits', change, { directory: 'D' }]]);
  });

  it.each([
    ['--freeze', 'a,,b', /--freeze must be names with commas/],
    ['--introduce', 'dropout', /--introduce must be YAML/],
    ['--introduce', '{ a: [', /--introduce must be YAML/],
    ['--interval', 'often', /--interval must be a number of steps/],
    ['--target', 'high', /--target must be a number, not "high"/],
  ])('change says what %s must be instead of %s', async (option, given, message) => {
    const { code, stderr } = await cli(['change', 'digits', option, given]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('predict writes what is predicted to standard output, and notices beside it', async () => {
    let asked: unknown[] = [];
    const predict = (async (...given: unknown[]) => {
      asked = given;
      const { write, onNotice } = given[1] as { write(text: string): Promise<void>; onNotice(text: string): void };
      await write('prediction\n1\n');
      onNotice('odd');
      return { rows: 1 };
    }) as never;
    const { code, stdout, stderr } = await cli(['predict', 'out', '--input', '-', '--format', 'csv'], { predict });
    expect([code, stdout, stderr]).toEqual([0, 'prediction\n1\n', 'note: odd\n']);
    expect(asked).toMatchObject(['out', { input: '-', format: 'csv' }]);
  });

  it('predict leaves a file whole, or none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-predict-cli-'));
    const output = join(folder, 'out.jsonl');
    const predict = (fails: boolean) =>
      (async (_: string, { write, format }: { write(text: string): Promise<void>; format: string }) => {
        await write(`${format}\n`);
        if (fails) throw new Error('torn');
        return { rows: 1 };
      }) as never;
    await cli(['predict', 'out', '--input', 'a.csv', '--output', output], { predict: predict(true) });
    expect(readdirSync(folder)).toEqual([]);
    await cli(['predict', 'out', '--input', 'a.csv', '--output', output], { predict: predict(false) });
    expect(readdirSync(folder)).toEqual(['out.jsonl']);
    expect(readFileSync(output, 'utf8')).toBe('jsonl\n');
    rmSync(folder, { recursive: true });
  });

  it('export tells what was written', async () => {
    const seen: unknown[] = [];
    const exportStudy = (async (...given: unknown[]) => {
      seen.push(...given);
      return { directory: '/out', files: ['model.json', 'README.md'] };
    }) as never;
    const { stdout } = await cli(['export', 'a', '--to', 'out', '--dir', 'D'], { exportStudy });
    expect(stdout).toBe('exported a to /out:\n  model.json\n  README.md\n');
    expect(seen).toEqual(['a', { to: 'out', directory: 'D', onInstallProgress: expect.any(Function) }]);
  });

  it('models list names the models', async () => {
    const listModels = () => ['cnn', 'mlp'];
    expect((await cli(['models', 'list'], { listModels })).stdout).toBe('cnn\nmlp\n');
    const { stdout } = await cli(['models', 'list', '--json'], { listModels });
    expect(stdout).toBe('{"type":"model","name":"cnn"}\n{"type":"model","name":"mlp"}\n');
  });

  it('data list and info describe the data sets', async () => {
    const { stdout } = await cli(['data', 'list', '--json']);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).name);
    expect(names).toContain('mnist-10k');
    const listed = await cli(['data', 'list']);
    for (const name of names) {
      expect(listed.stdout).toContain(name);
      const { code, stdout: info } = await cli(['data', 'info', name]);
      expect(code).toBe(0);
      expect(info).toMatch(/^\S+: .*\nlicence .*\nsource .*\nrows .*\ncolumns .*\ndigest +[0-9a-f]{64}\n$/);
    }
  });
});
