import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listStudies, StudyStore } from '../../src/store/index.js';
import type { StudyRecord } from '../../src/study/index.js';
import { simulateStudy } from '../report/simulated-study.js';
import { codeOf, makeRoot } from './support.js';

async function make(root: string, study: string, records: readonly StudyRecord[]): Promise<StudyStore> {
  const store = await StudyStore.create(root, study);
  store.append(...records);
  return store;
}

describe('a list of studies', () => {
  it('says how each stands', async () => {
    const root = makeRoot();
    const running = await make(root, 'running', simulateStudy({ records: 20 }));
    (await make(root, 'killed', simulateStudy({ records: 20 }))).close();
    (await make(root, 'begun', simulateStudy({ records: 1 }))).close();
    (await make(root, 'ended', simulateStudy())).close();
    (await make(root, 'reached', simulateStudy({ target: 0.9 }))).close();
    (await make(root, 'hopeless', simulateStudy({ divergesAbove: 0 }))).close();
    (await StudyStore.create(root, 'unbegun')).close();
    mkdirSync(join(root, 'something-else'));
    writeFileSync(join(root, 'notes.txt'), '');
    const listed = listStudies(root);
    expect(listed.map(({ study, status }) => [study, status])).toEqual([
      ['begun', 'interrupted'],
      ['ended', 'completed'],
      ['hopeless', 'failed'],
      ['killed', 'interrupted'],
      ['reached', 'target'],
      ['running', 'running'],
    ]);
    const [begun, ended] = listed;
    expect(begun).toMatchObject({ best: null, trials: 0, steps: 0 });
    expect(ended).toMatchObject({
      path: join(root, 'ended'),
      metric: 'valAccuracy',
      best: { trial: 0, value: 0.978 },
      trials: 6,
      steps: 6000,
    });
    running.close();
    expect(listStudies(root).find(({ study }) => study === 'running')).toMatchObject({ status: 'interrupted' });
  });

  it('has the broken ones in it, with their error', async () => {
    const root = makeRoot();
    for (const name of ['a', 'b', 'c']) (await make(root, name, simulateStudy({ records: 9 }))).close();
    writeFileSync(join(root, 'a', 'study.sqlite'), 'nonsense '.repeat(999));
    rmSync(join(root, 'b', 'study.sqlite'));
    expect(listStudies(root)).toEqual([
      expect.objectContaining({
        study: 'a',
        status: 'broken',
        error: expect.objectContaining({ code: 'STORE_NOT_A_JOURNAL' }),
      }),
      expect.objectContaining({
        study: 'b',
        status: 'broken',
        error: expect.objectContaining({ code: 'STORE_NOT_A_JOURNAL' }),
      }),
      expect.objectContaining({ study: 'c', status: 'interrupted' }),
    ]);
  });

  it('has a study in it whose records tell no story, as broken', async () => {
    const root = makeRoot();
    (await make(root, 'a', [{ kind: 'ended', reason: 'budget' }])).close();
    expect(listStudies(root)).toEqual([
      expect.objectContaining({ status: 'broken', error: expect.objectContaining({ code: 'STUDY_JOURNAL_INVALID' }) }),
    ]);
  });

  it('follows links to studies elsewhere', async () => {
    const [root, elsewhere] = [makeRoot(), makeRoot()];
    (await make(elsewhere, 'a', simulateStudy({ records: 5 }))).close();
    symlinkSync(join(elsewhere, 'a'), join(root, 'linked'));
    symlinkSync(join(elsewhere, 'nowhere'), join(root, 'dangling'));
    expect(listStudies(root)).toEqual([expect.objectContaining({ study: 'linked', trials: 4 - 1 })]);
  });

  it('is empty where there is no folder, and refused where it is a file', async () => {
    const root = makeRoot();
    expect(listStudies(root)).toEqual([]);
    expect(listStudies(join(root, 'none'))).toEqual([]);
    writeFileSync(join(root, 'file'), '');
    expect(await codeOf(() => listStudies(join(root, 'file')))).toBe('FILES_NO_FOLDER');
  });
});
