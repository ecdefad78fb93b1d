import { describe, expect, it } from 'vitest';
import { hasHeavyOps } from '../../src/graph/compile-rule.js';
import { compileRule } from '../../src/graph/index.js';

const nodes = (ops: readonly string[]) => ops.map((op, index) => ({ name: `n${index}`, op, input: [], attr: {} }));
const dense = nodes(Array.from({ length: 80 }, () => 'MatMul'));
const one = { plannedSteps: 20_000, trials: 1 };

describe('the compile rule', () => {
  it.each([
    ['one long trial of dense layers', dense, one, true],
    ['a population', dense, { ...one, trials: 8 }, false],
    ['too few steps to pay', dense, { ...one, plannedSteps: 500 }, false],
    ['a convolution', [...dense, ...nodes(['Conv2D'])], one, false],
    ['a kernel that XLA lacks', [...dense, ...nodes(['GRUBlockCell'])], one, false],
    ['a graph that takes too long to compile', nodes(Array.from({ length: 700 }, () => 'Mul')), one, false],
    ['constants do not count', [...dense, ...nodes(Array.from({ length: 700 }, () => 'Const'))], one, true],
  ])('%s', (_, graph, context, compile) => {
    const choice = compileRule(graph, context);
    expect(choice.compile).toBe(compile);
    expect(choice.reason).not.toBe('');
  });
});

describe('ops that get a call of their own', () => {
  it.each([
    ['Conv2D', true],
    ['Conv2DBackpropFilter', true],
    ['DepthwiseConv2dNative', true],
    ['MaxPoolGrad', true],
    ['AvgPool', true],
    ['MatMul', false],
    ['ConcatV2', false],
  ])('%s: %s', (op, heavy) => expect(hasHeavyOps(nodes(['Relu', op]))).toBe(heavy));
});
