/** Asynchronous populations that wait for plateaus and go back to older checkpoints, trained, killed and resumed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { resume, type Sweep, tune } from '../../src/index.js';
import { StudyStore } from '../../src/store/index.js';
import { digest, foldRecords, type StudyRecord } from '../../src/study/index.js';
import { commandLine } from '../support/run-lines.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner asynchronous '));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

type PbtSweep = Extract<Sweep['strategy'], { pbt: unknown }>['pbt'];
const pbt = { population: 4, interval: 20, quantile: 0.5, asynchronous: true } as const;

/** Learning rates of which some destroy what was learnt. */
const sweep = (study: string, more: Partial<PbtSweep>): Sweep => ({
  study,
  model: 'mlp',
  dataset: 'spirals',
  objective: { metric: 'valAccuracy', direction: 'maximize' },
  space: { learningRate: { float: [0.5, 1] }, momentum: { float: [0.9, 0.99] }, hidden: 16 },
  strategy: { pbt: { ...pbt, ...more } },
  budget: { steps: 300 },
  seed: 5,
  training: { compile: 'never' },
});

const recordsOf = (study: string) => StudyStore.read(root, study).map(({ record }) => record as StudyRecord);

type Copy = Extract<StudyRecord, { kind: 'decided' }>['decisions'][number] & { kind: 'exploit' };
const copiesIn = (records: readonly StudyRecord[]) =>
  records.flatMap((record) =>
    record.kind === 'decided' ? record.decisions.filter((one): one is Copy => one.kind === 'exploit') : [],
  );

/** Begins or goes on with a study in a process of its own, which is killed once `isEnough` holds for a decision that it told. */
async function killOnce(words: readonly string[], isEnough: (decision: Copy) => boolean): Promise<void> {
  const child = spawn(process.execPath, [commandLine, ...words, '--dir', root, '--workers', '2', '--json']);
  running.push(child);
  const over = new Promise<NodeJS.Signals | null>((done) => child.on('close', (_, signal) => done(signal)));
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type !== 'record' || event.replayed) continue;
    if (copiesIn([event.record]).some(isEnough)) child.kill('SIGKILL');
  }
  expect(await over).toBe('SIGKILL');
}

describe('backtracking', () => {
  const backtrack = { patience: 1, checkpoints: 2, who: 'all' } as const;
  const goesBack = ({ parentGeneration }: Copy) => parentGeneration !== undefined;

  it('goes back to checkpoints that were kept, the same after the process was killed while it does', async () => {
    const whole = await tune(sweep('whole', { backtrack }), { directory: root, workers: 1 });
    expect(whole.status).toBe('completed');
    const back = copiesIn(recordsOf('whole')).filter(goesBack);
    expect(back.length).toBeGreaterThan(3);
    const path = join(root, 'killed.json');
    writeFileSync(path, JSON.stringify(sweep('killed', { backtrack })));
    await killOnce(['run', path], goesBack);
    const before = copiesIn(recordsOf('killed')).filter(goesBack).length;
    expect(before).toBeGreaterThan(0);
    await killOnce(['resume', 'killed'], goesBack);
    const after = copiesIn(recordsOf('killed')).filter(goesBack).length;
    expect(after).toBeGreaterThan(before);
    expect(after).toBeLessThan(back.length);
    const resumed = await resume('killed', { directory: root, workers: 2 });
    expect(resumed).toMatchObject({ status: 'completed', digest: whole.digest });
    // the journal alone says the same
    expect(digest(foldRecords(recordsOf('killed')))).toBe(whole.digest);
  });
});

describe('an interval by plateau', () => {
  const interval = { plateau: { patience: 2, minDelta: 0.01, every: 10 } } as const;

  it('lets each member decide once its own score stands still, the same for one worker and two, and after a kill', async () => {
    const one = await tune(sweep('plateau', { interval }), { directory: root, workers: 1 });
    expect(one.status).toBe('completed');
    const { trials } = foldRecords(recordsOf('plateau'));
    for (const { segments, copies } of trials) {
      for (const [at, { generation }] of copies.entries()) {
        const last = copies[at - 1];
        const copied = last === undefined ? [] : [trials[last.parent]!.segments[last.parentGeneration!]!];
        const own = segments.slice((last?.generation ?? -1) + 1, generation + 1);
        const scores = [...copied, ...own].map(({ score }) => score!);
        // what it is compared with, and as many as patience says, none of which rose by more than minDelta
        expect(scores.length).toBeGreaterThanOrEqual(3);
        expect(Math.max(...scores.slice(-2))).toBeLessThanOrEqual(Math.max(...scores.slice(0, -2)) + 0.01);
      }
    }
    expect(trials.flatMap(({ copies }) => copies).length).toBeGreaterThan(2);
    const path = join(root, 'plateau killed.json');
    writeFileSync(path, JSON.stringify(sweep('plateau-killed', { interval })));
    await killOnce(['run', path], () => true);
    const resumed = await resume('plateau-killed', { directory: root, workers: 2 });
    expect(resumed).toMatchObject({ status: 'completed', digest: one.digest });
  });
});
