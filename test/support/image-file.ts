import { writeFileSync } from 'node:fs';
import { tableToIPC } from 'apache-arrow';
import { type SharedDataset, toArrow } from '../../src/data/index.js';
import { layOutDataset } from '../../src/data/shared-layout.js';

export interface TinyImages {
  /** Height, width, channels. */
  readonly shape: readonly [number, number, number];
  readonly target: { readonly classes: number } | 'number' | 'none';
}

const rowCount = 80;

/** Images of a bright spot on noise; class and number are told by the spot's row. */
function tinyImages({ shape, target }: TinyImages): SharedDataset {
  const [height, width, channels] = shape;
  const spot = (row: number) => (row * 7) % height;
  const targets = {
    none: { kind: 'none' },
    number: { kind: 'number', column: 'y', mean: 100, deviation: 50 },
    class: { kind: 'class', column: 'y', classes: [] as string[] },
  } as const;
  const classCount = typeof target === 'object' ? target.classes : 0;
  const kind = typeof target === 'object' ? 'class' : target;
  const described = { ...targets[kind], ...(kind === 'class' ? { classes: letters(classCount) } : {}) };
  return layOutDataset({
    name: 'tiny images',
    rowCount,
    columns: [
      {
        name: 'x',
        type: 'uint8',
        rowShape: shape,
        fill: (view) => {
          for (let i = 0; i < view.length; i++) {
            const row = Math.floor(i / (height * width * channels));
            const line = Math.floor(i / (width * channels)) % height;
            view[i] = line === spot(row) ? 255 : (i * 7919) % 64;
          }
        },
      },
      {
        name: 'y',
        type: kind === 'number' ? 'float32' : 'int32',
        rowShape: [],
        fill: (view) => {
          for (let row = 0; row < rowCount; row++) {
            view[row] = kind === 'number' ? 20 * spot(row) : spot(row) % Math.max(1, classCount);
          }
        },
      },
    ],
    features: { column: 'x', scale: 1 / 255, offset: 0 },
    target: described as SharedDataset['target'],
    splits: {
      train: Int32Array.from({ length: 60 }, (_, i) => i),
      validation: Int32Array.from({ length: 20 }, (_, i) => 60 + i),
    },
    droppedRowCount: 0,
  });
}

const letters = (count: number) => Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i));

/** Writes a tiny data set of images as a file that a sweep can name. */
export async function writeImages(path: string, images: TinyImages): Promise<void> {
  writeFileSync(path, tableToIPC(await toArrow(tinyImages(images)), 'file'));
}
