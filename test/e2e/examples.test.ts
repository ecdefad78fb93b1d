/** The small examples, by the commands in their own heads, and what they claim. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StudyStore } from '../../src/store/index.js';
import { foldRecords, type StudyRecord, type StudyState } from '../../src/study/index.js';
import { commandLine, runLines } from '../support/run-lines.js';

const root = mkdtempSync(join(tmpdir(), 'tfjs-tuner-examples-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

/** The command lines in a sweep's head. */
function linesOf(name: string): string[][] {
  const text = readFileSync(`${examples}${name}`, 'utf8');
  return [...text.matchAll(/^# {3}tfjs-tuner (.+)$/gm)].map(([, line]) => line!.split(' '));
}

const recordsIn = (directory: string, study: string): StudyRecord[] =>
  StudyStore.read(directory, study).map(({ record }) => record as StudyRecord);
const stateIn = (directory: string, study: string): StudyState => foldRecords(recordsIn(directory, study));

/** How copies got their value of a parameter, by the generation after which they were made. */
function changesIn(
  records: readonly StudyRecord[],
  name: string,
): { readonly generation: number; readonly how: string }[] {
  return records.flatMap((record) => {
    if (record.kind !== 'decided') return [];
    return record.decisions
      .flatMap((decision) => (decision.kind === 'exploit' ? decision.changes : []))
      .filter((change) => change.name === name)
      .map(({ how }) => ({ generation: record.generation, how }));
  });
}

const segmentsOf = ({ trials }: StudyState) => trials.flatMap(({ segments }) => segments);

const names = ['freeze', 'introduce', 'interval', 'target'] as const;

describe('examples', () => {
  const states = {} as Record<(typeof names)[number], StudyState>;
  const seeds: string[] = [];

  beforeAll(async () => {
    const [one = [], two = []] = linesOf('quadratic-seed.yaml');
    const lines = [
      ...names.flatMap((name) => linesOf(`quadratic-${name}.yaml`).map((line) => [...line, '--dir', root])),
      [...one, '--dir', join(root, 'a'), '--json'],
      [...one, '--dir', join(root, 'b'), '--json', '--workers', '1'],
      [...two, '--dir', join(root, 'c'), '--json'],
    ];
    const outcomes = await runLines(lines);
    expect(outcomes).toHaveLength(names.length + 3);
    for (const { code, stderr } of outcomes) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of names) states[name] = stateIn(root, `quadratic-${name}`);
    for (const { stdout } of outcomes.slice(names.length)) {
      seeds.push(JSON.parse(stdout.trimEnd().split('\n').at(-1)!).digest as string);
    }
  });

  it('seed: the same one gives the same digest, another one another', () => {
    expect(seeds[1]).toBe(seeds[0]);
    expect(seeds[2]).not.toBe(seeds[0]);
    expect(stateIn(join(root, 'c'), 'quadratic-seed').settings.seed).toBe(8);
  });

  it('freeze: copies keep h0 from generation 5 to 14, and explore it before and after', () => {
    const isFrozen = ({ generation }: { generation: number }) => generation + 1 >= 5 && generation + 1 < 15;
    const h0 = changesIn(recordsIn(root, 'quadratic-freeze'), 'h0');
    const frozen = h0.filter(isFrozen);
    expect(frozen.length).toBeGreaterThan(0);
    expect(frozen.every(({ how }) => how === 'inherited')).toBe(true);
    const free = (from: number, to: number) =>
      h0.filter(({ generation, how }) => generation + 1 >= from && generation + 1 < to && how !== 'inherited');
    expect(free(0, 5).length).toBeGreaterThan(0);
    expect(free(15, 99).length).toBeGreaterThan(0);
    expect(
      changesIn(recordsIn(root, 'quadratic-freeze'), 'h1').some((one) => isFrozen(one) && one.how !== 'inherited'),
    ).toBe(true);
  });

  it('introduce: h1 is 0 until generation 10, and Q goes on from there', () => {
    const segments = segmentsOf(states.introduce);
    const held = segments.filter(({ generation }) => generation < 10);
    expect(new Set(held.map(({ hyperparameters }) => hyperparameters.h1))).toEqual(new Set([0]));
    // θ₁ is 0.9 still
    for (const { metrics } of held) expect(metrics.valQuality).toBeLessThan(1.2 - 0.9 ** 2 + 1e-6);
    const last = segments.filter(({ generation }) => generation >= 12).map(({ hyperparameters }) => hyperparameters.h1);
    expect(last.some((value) => Number(value) >= 0.5)).toBe(true);
    expect(states.introduce.best?.value).toBeGreaterThan(1.1);
  });

  it('interval: segments become longer, and then members wait for a plateau', () => {
    const [{ segments }] = states.interval.trials as [StudyState['trials'][number]];
    const lengths = segments.map(({ fromStep, toStep }) => toStep - fromStep);
    expect(lengths.slice(0, 5)).toEqual([4, 4, 4, 4, 4]);
    const rarer = segments.filter(({ fromStep, toStep }) => fromStep >= 20 && toStep <= 80);
    expect(new Set(rarer.map(({ fromStep, toStep }) => toStep - fromStep))).toEqual(new Set([8]));
    const atPlateaus = segments.filter(({ fromStep }) => fromStep >= 84);
    expect(new Set(atPlateaus.slice(0, -1).map(({ fromStep, toStep }) => toStep - fromStep))).toEqual(new Set([16]));
    const copiesAfter = (generation: number) =>
      states.interval.decided.some(
        (one) => one.generation === generation && one.decisions.some(({ kind }) => kind === 'exploit'),
      );
    const best = (generation: number) =>
      Math.max(...states.interval.trials.map(({ segments: own }) => own[generation]!.score ?? 0));
    const waiting = segments.filter(({ fromStep }) => fromStep >= 100).map(({ generation }) => generation);
    // Q rises by more than the 0.01 at first, when nobody is copied; then it stands
    expect(waiting.some((generation) => !copiesAfter(generation))).toBe(true);
    expect(waiting.some(copiesAfter)).toBe(true);
    for (const generation of waiting.filter(copiesAfter)) {
      expect(best(generation) - best(generation - 2)).toBeLessThanOrEqual(0.01);
    }
  });

  it('target: the study ends where a member reaches it', () => {
    const { ended, best, trials } = states.target;
    expect(ended).toBe('target');
    expect(best?.value).toBeGreaterThanOrEqual(1.1);
    for (const { segments } of trials) {
      expect(segments.at(-1)!.toStep).toBeLessThan(10_000);
      for (const { metrics } of segments.slice(0, -1)) expect(metrics.valQuality).toBeLessThan(1.1);
    }
  });

  it('change: a study that runs is changed by commands, and ends by the last of them', async () => {
    const env = { ...process.env, TFJS_TUNER: `"${process.execPath}" "${commandLine}"` };
    await promisify(execFile)('sh', [`${examples}quadratic-change.sh`], { cwd: root, env });
    const state = stateIn(join(root, 'studies'), 'quadratic-change');
    expect(state.ended).toBe('target');
    const { commands } = state;
    expect(commands.map(({ kind }) => kind)).toEqual(['freeze', 'interval', 'unfreeze', 'introduce', 'target']);
    const interval = commands[1]!.generation;
    // a command counts for what is decided after it
    const records = recordsIn(join(root, 'studies'), 'quadratic-change');
    const place = (kind: string) => records.findIndex((one) => one.kind === 'command' && one.command.kind === kind);
    const during = changesIn(records.slice(place('freeze'), place('unfreeze')), 'h0');
    expect(new Set(during.map(({ how }) => how))).toEqual(new Set(['inherited']));
    const lengths = (from: number, to: number) =>
      new Set(
        segmentsOf(state)
          .filter(({ generation }) => generation >= from && generation < to)
          .map(({ fromStep, toStep }) => toStep - fromStep),
      );
    expect(lengths(0, interval)).toEqual(new Set([500]));
    expect(lengths(interval, Number.POSITIVE_INFINITY)).toEqual(new Set([1000]));
  }, 300_000);
});
