import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaffold, starts } from '../../src/cli/scaffold.js';
import { cli } from './support.js';

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-new-'));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

describe('a starting point', () => {
  it.each(starts)('of a %s has every blank filled in', (start) => {
    for (const extension of ['ts', 'js'] as const) {
      const { files, sweep } = scaffold(start, 'mine', extension);
      expect(files.map(({ path }) => path)).toContain(sweep);
      for (const { text } of files) expect(text).not.toContain('__');
      if (start !== 'sweep') expect(files[0]!.path).toBe(join('mine', `${start}.${extension}`));
    }
  });

  it('says what it wrote and what to do next; that it has to be installed, where it is not', async () => {
    const { code, stdout } = await cli(['new', 'model', 'first']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'wrote\n  first/model.ts\n  first/sweep.yaml\nnext:\n  npm install tfjs-tuner @tensorflow/tfjs\n  npx tfjs-tuner run first/sweep.yaml\n',
    });
    expect(readFileSync('first/sweep.yaml', 'utf8')).toContain('study: first');
  });

  it('takes the place of nothing', async () => {
    mkdirSync('taken');
    writeFileSync('taken/sweep.yaml', 'mine');
    const { code, stderr } = await cli(['new', 'model', 'taken']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is taken/sweep.yaml already');
    expect(readFileSync('taken/sweep.yaml', 'utf8')).toBe('mine');
  });

  it.each([
    ['new model ../elsewhere', 'the name of a new model must be'],
    ['new sweep .hidden', 'the name of a new sweep must be'],
    ['new objective', 'needs NAME'],
    ['new model both --typescript --javascript', 'written in one language'],
    ['new modle x', 'Did you mean "model"?'],
  ])('%s is refused', async (line, message) => {
    const { code, stderr } = await cli(line.split(' '));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
