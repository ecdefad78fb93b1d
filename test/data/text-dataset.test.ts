import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnView, loadDataset, splitView } from '../../src/data/index.js';
import { dataFolder, errorOf, temporaryFolder, writeInto } from './support.js';

const folder = temporaryFolder();
const load = (reference: object) => loadDataset(reference as never, { cacheDirectory: folder, baseDirectory: folder });
const write = (name: string, contents: string | Uint8Array) => writeInto(folder, name, contents);

describe('a text', () => {
  it('becomes windows of characters and of those after them, its last part for validation', async () => {
    write('abc.txt', 'abcabcabca');
    const dataset = await load({ text: 'abc.txt', context: 2, validation: 4 });
    expect(dataset.features.vocabulary).toEqual(['a', 'b', 'c']);
    expect(dataset.target).toMatchObject({ kind: 'class', classes: ['a', 'b', 'c'] });
    // training: abcab, in windows of 3 that begin every 2; validation: cabca
    expect(columnView(dataset, 'x')).toEqual(Uint8Array.of(0, 1, 2, 0, 2, 0, 1, 2));
    expect(columnView(dataset, 'y')).toEqual(Uint8Array.of(1, 2, 0, 1, 0, 1, 2, 0));
    expect([...splitView(dataset, 'train')]).toEqual([0, 1]);
    expect([...splitView(dataset, 'validation')]).toEqual([2, 3]);
  });

  it('has the vocabulary of the whole text, also of what occurs in validation alone', async () => {
    write('unseen.txt', `${'ab'.repeat(10)}z`);
    const { features } = await load({ text: 'unseen.txt', context: 3, validation: 3 });
    expect(features.vocabulary).toEqual(['a', 'b', 'z']);
  });

  it('counts characters, not UTF-16 units, with LF for CR LF and without a byte order mark', async () => {
    write('lines.txt', '\uFEFFa\r\n𝄞é\r\na\r\n');
    const dataset = await load({ text: 'lines.txt', context: 1, validation: 1 });
    expect(dataset.features.vocabulary).toEqual(['\n', 'a', 'é', '𝄞']);
    const tokens = [...columnView(dataset, 'x')];
    expect(tokens.slice(0, splitView(dataset, 'train').length)).toEqual([1, 0, 3, 2]);
  });

  it('of more than 256 characters has int32 tokens', async () => {
    const text = Array.from({ length: 300 }, (_, code) => String.fromCodePoint(0x4e00 + code)).join('');
    write('wide.txt', text);
    const dataset = await load({ text: 'wide.txt', context: 4, validation: 8 });
    expect(dataset.columns.map(({ type }) => type)).toEqual(['int32', 'int32']);
    expect(columnView(dataset, 'y').at(-1)).toBe(299);
  });

  it('can be taken as bytes, whatever its encoding', async () => {
    write('bytes.txt', Uint8Array.of(0xff, 0, 13, 10, 0xff, 0, 13, 10));
    const dataset = await load({ text: 'bytes.txt', context: 2, validation: 2, tokens: 'bytes' });
    expect(dataset.features.vocabulary).toHaveLength(256);
    expect([...columnView(dataset, 'x')].slice(0, 2)).toEqual([255, 0]);
  });

  it('takes a given vocabulary in its order, and refuses a character that it lacks', async () => {
    write('given.txt', 'abababab');
    const dataset = await load({ text: 'given.txt', context: 1, validation: 2, vocabulary: 'ba' });
    expect([...columnView(dataset, 'x')].slice(0, 2)).toEqual([1, 0]);
    const error = await errorOf('DATA_TEXT_CHARACTER', () =>
      load({ text: 'given.txt', context: 1, validation: 2, vocabulary: 'ac' }),
    );
    expect(error.message).toContain('"b" at character 1');
  });

  it('that is too short is refused, with its length', async () => {
    write('short.txt', 'abcdefgh');
    const error = await errorOf('DATA_TEXT_TOO_SHORT', () => load({ text: 'short.txt', context: 8 }));
    expect(error.message).toContain('has 8 tokens');
  });

  it('must be UTF-8, of at least two characters', async () => {
    write('latin.txt', Uint8Array.of(97, 0xe9, 98));
    await errorOf('DATA_TEXT_ENCODING', () => load({ text: 'latin.txt', context: 1 }));
    write('utf16.txt', Uint8Array.of(0xff, 0xfe, 97, 0));
    await errorOf('DATA_TEXT_ENCODING', () => load({ text: 'utf16.txt', context: 1 }));
    write('same.txt', 'aaaaaaaaaa');
    await errorOf('DATA_TEXT_VOCABULARY', () => load({ text: 'same.txt', context: 1 }));
    await errorOf('DATA_FILE_NOT_FOUND', () => load({ text: 'missing.txt', context: 1 }));
  });

  it.each([
    [{ context: 0 }, 'context'],
    [{ context: 4, stride: 0 }, 'stride'],
    [{ context: 4, validation: 1.5 }, 'validation'],
    [{ context: 4, tokens: 'words' }, 'tokens'],
    [{ context: 4, contxt: 3 }, 'contxt'],
    [{ context: 4, vocabulary: 'aba' }, 'twice'],
    [{ context: 4, vocabulary: 'ab', tokens: 'bytes' }, 'bytes'],
  ])('is not described by %j', async (fields, named) => {
    write('any.txt', 'ababababab');
    const error = await errorOf('DATA_REFERENCE_INVALID', () => load({ text: 'any.txt', ...fields }));
    expect(error.message).toContain(named);
  });

  it('has the same digest each time, and another one with another stride', async () => {
    write('digest.txt', 'to be or not to be, that is the question');
    const reference = { text: 'digest.txt', context: 5 };
    const { digest } = await load(reference);
    expect((await load(reference)).digest).toBe(digest);
    expect((await load({ ...reference, stride: 2 })).digest).not.toBe(digest);
  });
});

const shakespeare = join(dataFolder, 'tinyshakespeare.txt');

describe.skipIf(!existsSync(shakespeare))('tiny Shakespeare (skipped where TFJS_TUNER_DATA lacks it)', () => {
  it('has 65 characters, and its last tenth for validation', async () => {
    const dataset = await load({ text: shakespeare, context: 64, stride: 16 });
    expect(dataset.features.vocabulary).toHaveLength(65);
    // a tenth of 1,115,394 characters, in whole windows
    expect(splitView(dataset, 'validation')).toHaveLength(Math.ceil(111_539.4 / 64));
  });
});
