import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const product = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tfjs-tuner-new-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// as in a folder where both are installed
mkdirSync(join(folder, 'node_modules/@tensorflow'), { recursive: true });
symlinkSync(product, join(folder, 'node_modules/tfjs-tuner'));
symlinkSync(join(product, 'node_modules/@tensorflow/tfjs'), join(folder, 'node_modules/@tensorflow/tfjs'));

function cli(...words: string[]) {
  const main = join(product, 'dist/src/cli/main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], { cwd: folder, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

const run = (sweep: string) => {
  const { code, stdout, stderr } = cli('run', sweep, '--workers', '2', '--json', '--quiet');
  expect(stderr).not.toContain('error');
  expect(code).toBe(0);
  return JSON.parse(stdout);
};

describe('what "new" writes', () => {
  it('is a model in TypeScript that learns', () => {
    const { code, stdout } = cli('new', 'model', 'first');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'wrote\n  first/model.ts\n  first/sweep.yaml\nnext:\n  npx tfjs-tuner run first/sweep.yaml\n',
    });
    const summary = run('first/sweep.yaml');
    expect(summary).toMatchObject({ study: 'first', status: 'completed', trials: 8 });
    // three classes
    expect(summary.best.value).toBeGreaterThan(0.5);
  });

  it('is an objective function in JavaScript that gets better', () => {
    expect(cli('new', 'objective', 'second', '--javascript').stdout).toContain('second/objective.js');
    const summary = run('second/sweep.yaml');
    expect(summary).toMatchObject({ study: 'second', status: 'completed', trials: 40 });
    expect(summary.best.value).toBeLessThan(0.1);
  });

  it('is a sweep of a model that ships', () => {
    expect(cli('new', 'sweep', 'third').stdout).toContain('npx tfjs-tuner run third.yaml');
    expect(run('third.yaml')).toMatchObject({ study: 'third', trials: 4 });
  });
});
