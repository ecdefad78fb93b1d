import { describe, expect, it } from 'vitest';
import type { NodeDef } from '../../src/graph/graph-def.js';
import { poolFirst } from '../../src/graph/pool-first.js';

const node = (name: string, op: string, ...input: string[]): NodeDef => ({
  name,
  op,
  input: input.map((one) => `${one}:0`),
  attr: { kind: { s: Buffer.from(op) } },
});

/** A rectifier and the pooling behind it, with `features` for the rectifier's gradient. */
const step = (features: string) => [
  node('x', 'Conv2D'),
  node('rectified', 'Relu', 'x'),
  node('pooled', 'MaxPool', 'rectified'),
  node('dy', 'Mul', 'pooled'),
  node('a', 'MaxPoolGrad', 'rectified', 'pooled', 'dy'),
  node('b', 'ReluGrad', 'a', features),
  node('used', 'Mul', 'b'),
];
const exchanged = [
  node('x', 'Conv2D'),
  { ...node('rectified', 'MaxPool', 'x') },
  { ...node('pooled', 'Relu', 'rectified') },
  node('dy', 'Mul', 'pooled'),
  node('a', 'ReluGrad', 'dy', 'rectified'),
  node('b', 'MaxPoolGrad', 'x', 'rectified', 'a'),
  node('used', 'Mul', 'b'),
];

describe('a rectifier before max pooling', () => {
  it.each(['x', 'rectified'])('comes after it, with its gradient by %s', (features) => {
    expect(poolFirst(step(features), ['used:0'])).toEqual(exchanged);
  });

  it('comes after it where there is no gradient', () => {
    expect(poolFirst(step('x').slice(0, 3), ['pooled:0'])).toEqual(exchanged.slice(0, 3));
  });

  it.each<[string, NodeDef[], string[]]>([
    ['is a result', step('x'), ['rectified:0']],
    ['is used elsewhere', [...step('x'), node('more', 'Add', 'rectified', 'x')], ['used:0']],
    ['is pooled twice', [...step('x'), node('more', 'MaxPool', 'rectified')], ['used:0']],
    ['has another gradient', [...step('x').slice(0, 5), node('b', 'Mul', 'a', 'rectified')], ['b:0']],
    ["'s gradient is used before it is rectified", [...step('x'), node('more', 'Add', 'a', 'x')], ['used:0']],
    ["'s gradient is a result before it is rectified", step('x'), ['used:0', 'a:0']],
    ['is differentiated at another place', step('dy'), ['used:0']],
    ['is not one', step('x').map((one) => ({ ...one, op: one.op.replace('Relu', 'Elu') })), ['used:0']],
  ])('stays where it is if it %s', (_, nodes, results) => {
    expect(poolFirst(nodes, results)).toEqual(nodes);
  });
});
