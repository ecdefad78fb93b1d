import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawToken } from '../../src/tuner/continue-text.js';
import { formatterFor, type PredictionFormat } from '../../src/tuner/prediction-format.js';
import { nextTokens, predictedRows } from '../../src/tuner/prediction-rows.js';

type Target = Parameters<typeof predictedRows>[1];

const classes = (...names: string[]): Target => ({ kind: 'class', classes: names });
const number: Target = { kind: 'number', mean: 0, deviation: 1 };
const of = (rowShape: number[], ...values: number[]) => {
  const size = rowShape.reduce((a, b) => a * b, 1);
  return { values: Float32Array.from(values), rowShape, rowCount: values.length / size };
};

async function written(format: PredictionFormat, target: Target, ...chunks: ReturnType<typeof of>[]): Promise<Buffer> {
  const formatter = formatterFor(format, target);
  const parts: (string | Uint8Array)[] = [];
  for (const chunk of chunks) parts.push(await formatter.rows(predictedRows(chunk, target)));
  parts.push(await formatter.end());
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

describe('what follows a text', () => {
  it('is what a model predicts at the place of the last token', () => {
    const predictions = of([3, 2], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    const { values, rowShape, rowCount } = nextTokens(predictions, Int32Array.of(1, 3), 3);
    expect([[...values], rowShape, rowCount]).toEqual([[1, 2, 11, 12], [2], 2]);
  });

  it('is what a model predicts at the end, if it says nothing else', () => {
    const predictions = of([2], 1, 2, 3, 4);
    expect(nextTokens(predictions, Int32Array.of(3, 3), 3)).toBe(predictions);
    expect(() => nextTokens(predictions, Int32Array.of(3, 2), 3)).toThrow(
      expect.objectContaining({ code: 'TUNER_TEXT_SHORT', message: expect.stringContaining('row 2 has 2') }),
    );
  });

  it('is drawn as probable as it is, or as the temperature makes it', () => {
    const probabilities = Float32Array.of(0.5, 0, 0.375, 0.125);
    const draws = (temperature: number) => {
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < 800; i++) counts[drawToken(probabilities, temperature, (i + 0.5) / 800)]!++;
      return counts;
    };
    expect(draws(1)).toEqual([400, 0, 300, 100]);
    expect(draws(0)).toEqual([800, 0, 0, 0]);
    // probabilities squared: 16, 9 and 1 parts of 26
    expect(draws(0.5)).toEqual([492, 0, 277, 31]);
    expect(draws(1e-9)).toEqual([800, 0, 0, 0]);
  });
});

describe('predicted rows', () => {
  it('begin with their files where they have any', async () => {
    const rows = predictedRows(of([1], 5, 7), number, ['a, b.png', 'c.png']);
    const formatter = formatterFor('csv', number);
    expect(await formatter.rows(rows)).toBe('file,prediction\n"a, b.png",5\nc.png,7\n');
    expect(rows[1]).toEqual({ file: 'c.png', prediction: 7 });
  });

  it('are the class with the largest probability, the first of equal ones', () => {
    const rows = predictedRows(of([3], 0.25, 0.5, 0.25, 0.4, 0.2, 0.4), classes('a', 'b', 'c'));
    expect(rows.map(({ prediction }) => prediction)).toEqual(['b', 'a']);
    expect(rows[0]!.probabilities).toEqual({ a: 0.25, b: 0.5, c: 0.25 });
  });

  it('are two classes where a model gives one probability', () => {
    const rows = predictedRows(of([1], 0.75, 0.25), classes('no', 'yes'));
    expect(rows).toEqual([
      { prediction: 'yes', probabilities: { no: 0.25, yes: 0.75 } },
      { prediction: 'no', probabilities: { no: 0.75, yes: 0.25 } },
    ]);
  });

  it('are what the model gives where that is something else', () => {
    expect(predictedRows(of([2, 2], 1, 2, 3, 4), classes('a', 'b', 'c'))).toEqual([
      {
        prediction: [
          [1, 2],
          [3, 4],
        ],
      },
    ]);
  });

  it('have the fewest digits that are the same float32', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [{ prediction }] = predictedRows(of([], value), number) as [{ prediction: number }];
        expect(Math.fround(prediction)).toBe(Math.fround(value) + 0);
      }),
    );
    expect(predictedRows(of([1], 0.1, 1 / 3), number).map(({ prediction }) => prediction)).toEqual([0.1, 0.33333334]);
  });
});

describe('delimited text', () => {
  it('has one header, and classes in their order, also where they look like numbers', async () => {
    const target = classes('10', '9', 'a,b');
    const text = await written('csv', target, of([3], 0.5, 0.25, 0.25), of([3], 0, 0, 1));
    expect(text.toString()).toBe(
      'prediction,probability of 10,probability of 9,"probability of a,b"\n10,0.5,0.25,0.25\n"a,b",0,0,1\n',
    );
  });

  it('has lists as JSON', async () => {
    expect((await written('csv', { kind: 'none' }, of([2], 1, 2))).toString()).toBe('prediction\n"[1,2]"\n');
    expect((await written('csv', number)).toString()).toBe('');
  });
});

describe('an Arrow file', () => {
  it('has numbers as numbers and classes as texts', async () => {
    const numbers = tableFromIPC(await written('arrow', number, of([1], 1.5), of([1], 2.5)));
    expect([...numbers.getChild('prediction')!]).toEqual([1.5, 2.5]);
    const texts = tableFromIPC(await written('arrow', classes('x', 'y'), of([2], 0.25, 0.75)));
    expect(texts.get(0)!.toJSON()).toEqual({ prediction: 'y', 'probability of x': 0.25, 'probability of y': 0.75 });
  });
});
