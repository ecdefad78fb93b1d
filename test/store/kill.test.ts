import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listStudies, StudyStore } from '../../src/store/index.js';
import type { SegmentRecord, StateReference } from '../../src/study/index.js';
import { compileStore, incident, makeRoot } from './support.js';

const compiled = compileStore();

/** Runs a module until `after` milliseconds have passed since its first line, and kills it. Gives what it printed. */
async function runAndKill(program: string, after: number): Promise<string[]> {
  const file = join(compiled.folder, 'program.mjs');
  writeFileSync(file, program);
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (printed === '') setTimeout(() => child.kill('SIGKILL'), after);
    printed += text;
  });
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  // a last line may be cut
  return printed.split('\n').slice(0, -1);
}

const moments = Array.from({ length: 12 }, (_, index) => [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144][index]!);

describe('a process that is killed', () => {
  it('while it appends, leaves a prefix of its records, with all that it was told are there', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'a')).close();
    const program = `
      import { StudyStore } from './src/store/index.js';
      const incident = ${incident.toString()};
      const store = await StudyStore.open(${JSON.stringify(root)}, 'a');
      for (let next = store.entries().length; ; ) {
        const batch = Array.from({ length: 1 + (next % 3) }, (_, index) => incident(next + index));
        store.append(...batch);
        next += batch.length;
        console.log(next);
      }`;
    let before = 0;
    for (const moment of moments) {
      const told = (await runAndKill(program, moment)).map(Number);
      const entries = StudyStore.read(root, 'a');
      expect(entries.length).toBeGreaterThanOrEqual(told.at(-1) ?? before);
      expect(entries.map(({ record }) => record)).toEqual(entries.map((_, n) => incident(n)));
      before = entries.length;
    }
    expect(before).toBeGreaterThan(moments.length);
  });

  it('while it checkpoints, leaves every checkpoint whole that a record names, and others can be swept', async () => {
    const root = makeRoot();
    (await StudyStore.create(root, 'a')).close();
    const program = `
      import { StudyStore } from './src/store/index.js';
      const store = await StudyStore.open(${JSON.stringify(root)}, 'a');
      console.log('open');
      for (let n = store.entries().length; ; n++) {
        const state = await store.writeState('s-' + (n % 4), new Uint8Array(3_000_000).fill(n));
        store.append({ kind: 'segment', trial: 0, generation: n, fromStep: 0, toStep: 1, seconds: 0, outcome: 'done', loss: 0, metrics: {}, state });
      }`;
    for (const moment of [20, 60, 120, 200]) {
      await runAndKill(program, moment);
      const store = await StudyStore.open(root, 'a');
      const states = store
        .entries()
        .map(({ record }): StateReference => (record as SegmentRecord & { outcome: 'done' }).state);
      // the next one to be replaced may be so already: its record was not written
      const live = states.slice(-3);
      for (const state of live) await store.readState(state);
      await store.sweepStates(new Set(live.map(({ file }) => file)));
      expect(readdirSync(join(root, 'a', 'checkpoints')).sort()).toEqual(live.map(({ file }) => file).sort());
      store.close();
    }
  });

  it('while it makes a study, leaves one that can be made again or resumed, and none that is broken', async () => {
    const [root, trash] = [makeRoot(), makeRoot()];
    const program = `
      import { StudyStore } from './src/store/index.js';
      import { renameSync } from 'node:fs';
      console.log('start');
      for (let n = 0; ; n++) {
        const store = await StudyStore.create(${JSON.stringify(root)}, 'a');
        store.append({ kind: 'interrupted', by: 'test' });
        store.close();
        renameSync(${JSON.stringify(join(root, 'a'))}, ${JSON.stringify(join(trash, 'a'))} + process.pid + '-' + n);
      }`;
    const found = new Set<string>();
    for (const moment of [...moments, 180, 210, 240]) {
      await runAndKill(program, moment);
      const begun = existsSync(join(root, 'a')) && StudyStore.read(root, 'a').length > 0;
      found.add(
        begun ? 'begun' : existsSync(join(root, 'a')) ? 'empty' : existsSync(join(root, '.a.new')) ? 'half' : 'none',
      );
      expect(listStudies(root).filter(({ status }) => status === 'broken' && !begun)).toEqual([]);
      const store = begun ? await StudyStore.open(root, 'a') : await StudyStore.create(root, 'a');
      store.append(incident(0));
      store.close();
      expect(readdirSync(root).sort()).toEqual(['.locks', 'a']);
      rmSync(join(root, 'a'), { recursive: true });
    }
    expect(found.size, [...found].join(', ')).toBeGreaterThan(1);
  });
});
