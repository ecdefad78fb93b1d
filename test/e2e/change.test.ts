/** Changes by command of a study that runs: two processes, and the journal between them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Sweep } from '../../src/index.js';
import { StudyStore } from '../../src/store/index.js';
import { digest, foldRecords, type StudyRecord } from '../../src/study/index.js';
import { commandLine, runLines } from '../support/run-lines.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner change '));
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** It trains until it is told a target, or for ten minutes. Segments are long enough for the journal to stay short. */
const sweep = (study: string, asynchronous: boolean): Sweep => ({
  study,
  model: 'quadratic',
  dataset: 'spirals',
  objective: { metric: 'valQuality', direction: 'maximize' },
  space: { h0: { float: [0.1, 1] }, h1: { float: [0.1, 1] } },
  strategy: { pbt: { population: 4, interval: 20_000, quantile: 0.5, asynchronous } },
  budget: { steps: 1e12, wall: '10m' },
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a study in a process of its own; `ended` is when that is over. */
function start(study: string, asynchronous: boolean): { readonly ended: Promise<Ended> } {
  const path = join(root, `${study}.yaml`);
  writeFileSync(path, stringify(sweep(study, asynchronous)));
  const child = spawn(process.execPath, [commandLine, 'run', path, '--dir', root, '--workers', '2', '--json']);
  running.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part) => {
    stdout += part;
  });
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  return { ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr }))) };
}

function recordsOf(study: string): StudyRecord[] {
  try {
    return StudyStore.read(root, study).map(({ record }) => record as StudyRecord);
  } catch {
    return []; // it is only being made
  }
}

/** Until the journal has something. */
async function until(study: string, holds: (records: readonly StudyRecord[]) => boolean): Promise<void> {
  for (let waited = 0; waited < 400; waited++) {
    if (holds(recordsOf(study))) return;
    await sleep(200);
  }
  throw new Error(`${study} did not come so far`);
}

const decisionsIn = (records: readonly StudyRecord[]) => records.filter(({ kind }) => kind === 'decided').length;

/** Changes by the command line, and waits until the study has taken it up and decided some more. */
async function change(study: string, ...words: string[]): Promise<void> {
  const [outcome] = await runLines([['change', study, ...words, '--dir', root]]);
  expect(outcome).toEqual({
    code: 0,
    stdout: `${study} changes at its next decision: ${words[0]!.slice(2)}\n`,
    stderr: '',
  });
  const isTaken = (one: StudyRecord) => one.kind === 'command' && words[0] === `--${one.command.kind}`;
  await until(study, (records) => {
    const place = records.findIndex(isTaken);
    return place >= 0 && (words[0] === '--target' || decisionsIn(records.slice(place)) >= 8);
  });
}

/** How copies got their value of a parameter, for segments of generations from `from` to before `to`: members are decided on at different times. */
function howIn(
  records: readonly StudyRecord[],
  name: string,
  from: number,
  to = Number.POSITIVE_INFINITY,
): Set<string> {
  const decisions = records.flatMap((record) => {
    const isMeant = record.kind === 'decided' && record.generation + 1 >= from && record.generation + 1 < to;
    return isMeant ? record.decisions : [];
  });
  const changes = decisions.flatMap((decision) => (decision.kind === 'exploit' ? decision.changes : []));
  return new Set(changes.filter((one) => one.name === name).map(({ how }) => how));
}

describe.each([
  ['a population that decides together', false],
  ['an asynchronous population', true],
])('%s that runs', (_, asynchronous) => {
  it('takes up commands one by one, and ends by one', async () => {
    const study = asynchronous ? 'asynchronous' : 'together';
    const { ended } = start(study, asynchronous);
    await until(study, (records) => decisionsIn(records) >= 8);
    await change(study, '--freeze', 'h0');
    await change(study, '--interval', '40000');
    await change(study, '--unfreeze', 'h0');
    await change(study, '--introduce', 'h1: { float: [0.5, 1] }');
    await change(study, '--target', '1');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    const records = recordsOf(study);
    const state = foldRecords(records);
    expect(state.ended).toBe('target');
    expect(state.commands.map(({ kind }) => kind)).toEqual(['freeze', 'interval', 'unfreeze', 'introduce', 'target']);
    const [freeze, interval, unfreeze, introduce] = state.commands;
    const [frozen, thawed] = [freeze!.generation, unfreeze!.generation];
    expect(howIn(records, 'h0', 0, frozen)).toContain('perturbed');
    expect(howIn(records, 'h0', frozen, thawed)).toEqual(new Set(['inherited']));
    expect(howIn(records, 'h1', frozen, thawed)).toContain('perturbed');
    expect(howIn(records, 'h0', thawed)).toContain('perturbed');

    for (const { segments } of state.trials) {
      for (const { generation, fromStep, toStep } of segments) {
        expect(toStep - fromStep).toBe(generation < interval!.generation ? 20_000 : 40_000);
      }
    }
    const explored = records
      .flatMap((record) =>
        record.kind === 'decided' && record.generation + 1 >= introduce!.generation ? record.decisions : [],
      )
      .flatMap((decision) => (decision.kind === 'exploit' ? [decision.hyperparameters] : []));
    expect(explored.length).toBeGreaterThan(0);
    for (const { h1 } of explored) expect(Number(h1)).toBeGreaterThanOrEqual(0.5);
    expect(introduce).toMatchObject({ name: 'h1', definition: { float: [0.5, 1] } });

    const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
    expect(summary).toMatchObject({ type: 'summary', status: 'target', digest: digest(state) });
  }, 400_000);
});

describe('a change that does not fit', () => {
  it('is refused with its reason, and the study goes on without', async () => {
    const study = 'steadfast';
    const { ended } = start(study, true);
    await until(study, (records) => decisionsIn(records) >= 1);
    const line = (...words: string[]) => ['change', study, ...words, '--dir', root];
    const cases: [string[], RegExp][] = [
      [line('--freeze', 'h2'), /h2.*h0/s],
      [line('--introduce', 'h2: { float: [0, 1] }'), /h2/],
      [line('--introduce', 'h1: { float: [1, 0] }'), /low <= high/],
      [line('--introduce', 'h1'), /--introduce must be YAML/],
      [line('--interval', 'plateau: { each: 100 }'), /interval/],
      [line('--interval', '0'), /interval/],
      [line('--target', 'high'), /--target must be a number/],
      [line('--unfreeze', ''), /--unfreeze must be followed by/],
      [line(), /needs one of --freeze/],
      [['change', 'nobody', '--freeze', 'h0', '--dir', root], /nobody/],
    ];
    const outcomes = await runLines([...cases.map(([words]) => words), line('--target', '-100')]);
    for (const [index, { code, stdout, stderr }] of outcomes.slice(0, -1).entries()) {
      expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(cases[index]![1]);
    }
    expect((await ended).code).toBe(0);
    expect(foldRecords(recordsOf(study)).commands.map(({ kind }) => kind)).toEqual(['target']);
    const [late] = await runLines([line('--freeze', 'h0')]);
    expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining('has ended') });
  }, 400_000);
});
