import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commit, isWhole } from '../../src/native/parts.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parts '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stage(text: string): string {
  const staged = join(folder, 'staging', 'part');
  mkdirSync(join(staged, 'deep'), { recursive: true });
  writeFileSync(join(staged, 'deep/file'), text);
  return staged;
}

describe('commit', () => {
  it('makes a part whole, in a place whose folders are made', async () => {
    const place = join(folder, 'home', 'part', 'key');
    expect(await isWhole(place)).toBe(false);
    await commit(stage('text'), place, ['deep/file']);
    expect(await isWhole(place)).toBe(true);
    expect(readdirSync(join(folder, 'staging'))).toEqual([]);
  });

  it('replaces a part, and moves the old one out of the way', async () => {
    const place = join(folder, 'key');
    await commit(stage('old'), place, ['deep/file']);
    await commit(stage('new'), place, ['deep/file']);
    expect(readFileSync(join(place, 'deep/file'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'staging'))).toEqual(['part.replaced-key']);
  });

  it('fails, and puts nothing in place, when a file that must be there is not', async () => {
    await expect(commit(stage(''), join(folder, 'key'), ['other'])).rejects.toMatchObject({
      code: 'FILES_NO_FOLDER',
    });
    expect(await isWhole(join(folder, 'key'))).toBe(false);
  });
});

describe('isWhole', () => {
  it('is false for a file cut short, a file lost, a manifest torn or of another format', async () => {
    const place = join(folder, 'key');
    const again = async () => {
      rmSync(place, { recursive: true, force: true });
      await commit(stage('text'), place, ['deep/file']);
    };
    await again();
    truncateSync(join(place, 'deep/file'), 0);
    expect(await isWhole(place)).toBe(false);
    await again();
    rmSync(join(place, 'deep/file'));
    expect(await isWhole(place)).toBe(false);
    for (const torn of ['', '{"format":1,"fil', 'null', '{"format":2,"files":{}}', '{"format":1}']) {
      await again();
      writeFileSync(join(place, 'part.json'), torn);
      expect(await isWhole(place)).toBe(false);
    }
  });
});
