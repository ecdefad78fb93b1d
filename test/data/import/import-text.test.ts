import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importText } from '../../../src/data/import/import-text.js';
import { verifyImport } from '../../../src/data/import/imported.js';
import { loadReference } from '../../../src/data/load-reference.js';
import type { TextReference } from '../../../src/data/reference.js';
import { errorOf, refusesReadably, temporaryFolder, writeInto } from '../support.js';

const folder = temporaryFolder();
const common = { baseDirectory: folder, version: '1.2.3' };
const load = (reference: Parameters<typeof loadReference>[0]) =>
  loadReference(reference, { cacheDirectory: folder, baseDirectory: folder });
const prose = `\uFEFFTo be, or not to be: naïve 日本 🙂.\r\n${'Whether it is nobler\tin the mind\n'.repeat(9)}`;
const path = writeInto(folder, 'prose.txt', prose);

describe('an import of a text', () => {
  it('says what is in it, and is read as the text itself is, whatever the windows', async () => {
    const { schema, folder: made } = await importText('prose.txt', { ...common, tokens: 'characters' });
    expect(made).toBe(join(folder, 'prose'));
    const characters = [...prose.slice(1).replaceAll('\r\n', '\n')];
    expect(schema).toMatchObject({
      rowCount: characters.length,
      vocabularySize: new Set(characters).size,
      distinct: new Set(characters).size,
      lines: 10,
    });
    expect(schema.frequent[0]).toEqual({ token: ' ', count: characters.filter((one) => one === ' ').length });
    expect(schema.rare.at(-1)!.count).toBe(1);
    for (const windows of [{}, { stride: 2, validation: 0.3 }, { test: 0.1, validation: 12 }]) {
      const source = await load({ text: path, context: 5, ...windows });
      const imported = await load({ text: made!, context: 5, ...windows });
      expect(imported.digest).toBe(source.digest);
      expect(imported.features.vocabulary).toEqual(source.features.vocabulary);
    }
  });

  it('keeps bytes as they are', async () => {
    const { schema, folder: made } = await importText(path, { ...common, tokens: 'bytes', to: 'bytes' });
    expect(schema).toMatchObject({ rowCount: Buffer.byteLength(prose), vocabularySize: 256, lines: 10 });
    const reference: TextReference = { text: path, context: 7, tokens: 'bytes' };
    expect((await load({ ...reference, text: made! })).digest).toBe((await load(reference)).digest);
    expect((await load({ text: made!, context: 7 })).digest).toBe((await load(reference)).digest);
  });

  it('takes a vocabulary as the text itself does', async () => {
    await importText(path, { ...common, tokens: 'characters', to: 'known' });
    const vocabulary = [...new Set(prose.replace('\uFEFF', ''))].reverse().join('');
    const reference = { text: path, context: 5, vocabulary };
    expect((await load({ ...reference, text: 'known' })).digest).toBe((await load(reference)).digest);
    await errorOf('DATA_TEXT_CHARACTER', () => load({ ...reference, text: 'known', vocabulary: 'abc' }));
  });

  it('warns of what is lost, of what no model can know, and of an end that was seen before', async () => {
    const codes = async (text: string) => {
      const { schema } = await importText(writeInto(folder, 'warned.txt', text), {
        ...common,
        tokens: 'characters',
        dryRun: true,
      });
      return schema.warnings;
    };
    const line = (i: number) => `line ${String(i).padStart(3, '0').split('').join(' ')} of a long list\n`;
    const lines = Array.from({ length: 200 }, (_, i) => line(i)).join('');
    expect(await codes(lines)).toEqual([]);
    expect(await codes(`Caf\uFFFD ${lines}`)).toMatchObject([{ code: 'damaged' }]);
    expect(await codes(`${lines}Q.E.D.`)).toMatchObject([{ code: 'unseen', text: expect.stringContaining('"D"') }]);
    expect(await codes(`${lines}${line(3).repeat(60)}`)).toMatchObject([{ code: 'repeated' }]);
  });

  it('is refused where it is named without its windows, or as something else, or changed', async () => {
    const { folder: made } = await importText(path, { ...common, tokens: 'characters', to: 'strict' });
    const error = await errorOf('DATA_REFERENCE_INVALID', () => load('./strict'));
    expect(error.message).toContain('context: 64');
    await errorOf('DATA_REFERENCE_INVALID', () => load({ path: 'strict', target: 'token' }));
    await errorOf('DATA_REFERENCE_INVALID', () => load({ text: 'strict', context: 5, tokens: 'bytes' }));
    await errorOf('DATA_REFERENCE_INVALID', () => load({ path: 'strict', memory: '1GB' }));
    await errorOf('DATA_TEXT_TOO_SHORT', () => load({ text: 'strict', context: 5000 }));
    await verifyImport(made!);
    const data = join(made!, 'data.arrow');
    const bytes = readFileSync(data);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(data, bytes);
    await errorOf('DATA_IMPORT_CHANGED', () => verifyImport(made!));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(data, bytes);
    const manifest = join(made!, 'manifest.json');
    const head = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(manifest, JSON.stringify({ ...head, schema: { ...head.schema, tokens: 'bytes' } }));
    await errorOf('DATA_IMPORT_CHANGED', () => load({ text: 'strict', context: 5 }));
    writeFileSync(manifest, JSON.stringify({ ...head, kind: 'sound' }));
    await errorOf('DATA_IMPORT_INVALID', () => load({ text: 'strict', context: 5 }));
  });

  it('is read, or refused readably, where it is damaged', async () => {
    const { folder: made } = await importText(path, { ...common, tokens: 'characters', to: 'any-byte' });
    await refusesReadably(join(made!, 'data.arrow'), () => load({ text: made!, context: 5 }));
  });

  it('is refused where a sweep would refuse the text', async () => {
    const latin = writeInto(folder, 'latin.txt', Buffer.from('naïve', 'latin1'));
    await errorOf('DATA_TEXT_ENCODING', () => importText(latin, { ...common, tokens: 'characters' }));
    await importText(latin, { ...common, tokens: 'bytes', dryRun: true });
    await errorOf('DATA_TEXT_VOCABULARY', () =>
      importText(writeInto(folder, 'a.txt', 'aaa'), { ...common, tokens: 'characters' }),
    );
    await errorOf('DATA_FILE_IS_FOLDER', () => importText(folder, { ...common, tokens: 'bytes', to: 'folder' }));
  });
});
