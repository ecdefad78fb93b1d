import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatterFor, type PredictionFormat } from '../../src/tuner/prediction-format.js';
import { predictedRows } from '../../src/tuner/prediction-rows.js';

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

describe('predicted rows', () => {
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
