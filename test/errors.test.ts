import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allErrorCodes, defineErrors, didYouMean, exitCodes } from '../src/errors/index.js';

const source = fileURLToPath(new URL('../src/', import.meta.url));

describe('error codes', () => {
  it('are the same in the rooms and in docs/errors.md', async () => {
    const rooms = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of rooms)
      if (existsSync(`${source}${name}/errors.ts`)) await import(`../src/${name}/errors.ts`);
    const page = readFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), 'utf8');
    const documented = [...page.matchAll(/^\| `(\w+)` \|.*\| (\d) \|$/gm)].map(([, code, exit]) => `${code} ${exit}`);
    const defined = allErrorCodes().map(({ code, kind }) => `${code} ${exitCodes[kind]}`);
    expect(defined.length).toBeGreaterThan(50);
    expect(documented).toEqual(defined);
  });

  it('begin with their room, and are registered once', () => {
    for (const { code } of allErrorCodes())
      expect(existsSync(`${source}${code.split('_')[0]!.toLowerCase()}`), code).toBe(true);
    const again = () => defineErrors({ STUDY_METRIC_MISSING: { kind: 'input', message: () => '', todo: '' } });
    expect(again).toThrow('registered twice');
  });
});

describe('didYouMean', () => {
  it.each([
    ['learningrate', ['learningRate', 'momentum'], ' Did you mean "learningRate"?'],
    ['flaot', ['float', 'int'], ' Did you mean "float"?'],
    ['xyz', ['float', 'int'], ''],
    ['', ['float'], ''],
    ['float', [], ''],
  ])('%s', (given, candidates, text) => expect(didYouMean(given, candidates)).toBe(text));
});
