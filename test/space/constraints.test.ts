import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TunerError } from '../../src/errors/index.js';
import { firstBroken, type Hyperparameters, parseSpace } from '../../src/space/index.js';

const definition = {
  opt: { choice: ['sgd', 'adam'] },
  m: { float: [0, 1], when: { opt: 'sgd' } },
  a: { float: [-10, 10] },
  b: { float: [-10, 10] },
  flag: { boolean: true },
  mixed: { choice: [1, 'all'] },
} as const;

const holds = (text: string, values: Hyperparameters) =>
  firstBroken(parseSpace(definition, { constraints: [text] }), values) === undefined;

describe('constraints', () => {
  const values = { opt: 'adam', a: 3, b: -2, flag: true, mixed: 'all' };

  it.each([
    ['a > b', true],
    ['a + b == 1 && a - b == 5 && a * b == -6', true],
    ['a / b == -1.5 && a % 2 == 1 && a ** 2 ** 1 == 9', true],
    ['2 ** 3 ** 2 == 512 || a < b', true],
    ['-(a ** 2) == -9 && +b < -b', true],
    ['a + 2 * b == -1 && (a + 2) * b == -10', true],
    ['a <= 2 || b >= -1', false],
    ['!(a < b) && flag', true],
    ['flag == false', false],
    ["opt != 'sgd'", true],
    ['opt == "adam" && mixed == "all" && mixed != 1', true],
    ['min(a, b, 0) == -2 && max(a, b) == 3 && abs(b) == 2', true],
    ['log(exp(a)) == 3 && sqrt(a * a) == 3 && floor(b / 3) == -1', true],
    ['a > 1e2 || a > .5', true],
    // NaN is neither below nor above
    ['sqrt(b) < 1 || sqrt(b) >= 1', false],
    // m is not active
    ['m > a + 100', true],
    ['m > a && a < b', true],
  ])('%s', (text, expected) => expect(holds(text, values)).toBe(expected));

  it('are all looked at, in order', () => {
    const space = parseSpace(definition, { constraints: ['a < b', 'a < 0'] });
    expect(space.constraints.map(({ text }) => text)).toEqual(['a < b', 'a < 0']);
    expect(firstBroken(space, { a: 1, b: 2 })?.text).toBe('a < 0');
    expect(firstBroken(space, { a: 3, b: 2 })?.text).toBe('a < b');
    expect(firstBroken(space, { a: -3, b: 2 })).toBeUndefined();
  });

  interface Term {
    readonly text: string;
    readonly value: (a: number, b: number) => number;
  }
  const { term } = fc.letrec<{ term: Term }>((tie) => ({
    term: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Term>({ text: 'a', value: (a) => a }, { text: 'b', value: (_, b) => b }),
      fc.integer({ min: 0, max: 9 }).map((n): Term => ({ text: String(n), value: () => n })),
      fc.tuple(fc.constantFrom('+', '-', '*', '/', '%'), tie('term'), tie('term')).map(([operator, x, y]): Term => {
        const compute = { '+': add, '-': subtract, '*': multiply, '/': divide, '%': remainder }[operator]!;
        return {
          text: `(${x.text} ${operator} ${y.text})`,
          value: (a, b) => compute(x.value(a, b), y.value(a, b)),
        };
      }),
      tie('term').map((x): Term => ({ text: `-${x.text}`, value: (a, b) => -x.value(a, b) })),
      tie('term').map((x): Term => ({ text: `max(${x.text}, b)`, value: (a, b) => Math.max(x.value(a, b), b) })),
    ),
  }));

  it('compute what JavaScript computes', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(term, term, number, number, (x, y, a, b) => {
        const text = `a == a && ${x.text} < ${y.text}`;
        fc.pre(text.length <= 1000);
        expect(holds(text, { a, b })).toBe(x.value(a, b) < y.value(a, b));
      }),
      { numRuns: 500 },
    );
  });

  const refused: [unknown, string, string][] = [
    ['a < b', 'SPACE_BAD_CONSTRAINTS', 'a list of texts, not "a < b"'],
    [[3], 'SPACE_CONSTRAINT_NOT_TEXT', 'not 3'],
    [[' '], 'SPACE_CONSTRAINT_NOT_TEXT', 'not " "'],
    [[`a < ${'1'.repeat(1000)}`], 'SPACE_CONSTRAINT_TOO_LONG', 'at most 1000'],
    [[`${'a + '.repeat(120)}a < b`], 'SPACE_CONSTRAINT_TOO_DEEP', 'at most 100'],
    [[`${'('.repeat(400)}a${')'.repeat(400)} + ${'!'.repeat(150)}flag`], 'SPACE_CONSTRAINT_TOO_DEEP', 'at most 100'],
    [['a < '], 'SPACE_CONSTRAINT_SYNTAX', 'at character 5'],
    [['a = b'], 'SPACE_CONSTRAINT_SYNTAX', 'unexpected "="'],
    [['('.repeat(1000)], 'SPACE_CONSTRAINT_SYNTAX', 'unclosed ('],
    [["opt == 'sgd"], 'SPACE_CONSTRAINT_SYNTAX', 'unclosed quote'],
    [['a.b < 1'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'access to a member'],
    [['a["b"] < 1'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'access to a member'],
    [['flag ? a : b'], 'SPACE_CONSTRAINT_UNSUPPORTED', '"? :"'],
    [['a; b'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'more than one expression'],
    [['a < b, b < a'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'more than one expression'],
    [['[a] == [b]'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'a list'],
    [['this == a'], 'SPACE_CONSTRAINT_UNSUPPORTED', '"this"'],
    [['a == null'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'null'],
    [['a ^ 2 < b'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'the operator ^'],
    [['~a < b'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'the operator ~'],
    [['-a ** 2 < b'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'just before a power'],
    [['(min)(a)(b) < 1'], 'SPACE_CONSTRAINT_UNSUPPORTED', 'a call of what is not a name'],
    [['constructor < a'], 'SPACE_CONSTRAINT_UNKNOWN_NAME', '"constructor"'],
    [['a < flg'], 'SPACE_CONSTRAINT_UNKNOWN_NAME', 'Did you mean "flag"?'],
    [['maxx(a) < b'], 'SPACE_CONSTRAINT_UNKNOWN_FUNCTION', 'Did you mean "max"?'],
    [['constructor(a) < b'], 'SPACE_CONSTRAINT_UNKNOWN_FUNCTION', '"constructor"'],
    [['sqrt(a, b) < 1'], 'SPACE_CONSTRAINT_ARGUMENTS', 'sqrt with one number, and there are 2'],
    [['min() < a'], 'SPACE_CONSTRAINT_ARGUMENTS', 'at least one number, and there are 0'],
    [['a < b < 1'], 'SPACE_CONSTRAINT_TYPE', '"<" a number, not a boolean'],
    [['a + opt < 1'], 'SPACE_CONSTRAINT_TYPE', '"+" a number, not a string'],
    [['mixed < 1'], 'SPACE_CONSTRAINT_TYPE', 'not a number or string'],
    [['abs(flag) < 1'], 'SPACE_CONSTRAINT_TYPE', '"abs" a number'],
    [['a && flag'], 'SPACE_CONSTRAINT_TYPE', '"&&" a boolean, not a number'],
    [['!a'], 'SPACE_CONSTRAINT_TYPE', '"!" a boolean'],
    [['-flag < 1'], 'SPACE_CONSTRAINT_TYPE', '"-" a number'],
    [['opt == 1'], 'SPACE_CONSTRAINT_TYPE', '"==" a string, not a number'],
    [["opt == 'sgdd'"], 'SPACE_CONSTRAINT_IMPOSSIBLE_VALUE', 'Did you mean "sgd"?'],
    [["'adm' != opt"], 'SPACE_CONSTRAINT_IMPOSSIBLE_VALUE', 'Did you mean "adam"?'],
    [['a + b'], 'SPACE_CONSTRAINT_NOT_BOOLEAN', 'true or false, not a number'],
    [['mixed'], 'SPACE_CONSTRAINT_NOT_BOOLEAN', 'not a number or string'],
    [['1 < 2'], 'SPACE_CONSTRAINT_WITHOUT_PARAMETER', 'at least one parameter'],
  ];

  it.each(refused)('refuses %j: %s', (constraints, code, text) => {
    expect(() => parseSpace(definition, { constraints: constraints as string[] })).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });

  it('are read or refused, whatever the text', () => {
    const piece = fc.constantFrom(
      ...'a b flag opt ( ) [ ] + - * / ** % < <= == != && || ! ? : , ; . = 1 1e999 "x" min( null this'.split(' '),
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (written) => {
        try {
          const { constraints } = parseSpace(definition, { constraints: [written] });
          expect(constraints[0]!.holds({ opt: 'sgd', m: 0, a: 1, b: 2, flag: true, mixed: 1 })).toBeTypeOf('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(TunerError);
          expect((error as TunerError).kind).toBe('input');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

const add = (x: number, y: number) => x + y;
const subtract = (x: number, y: number) => x - y;
const multiply = (x: number, y: number) => x * y;
const divide = (x: number, y: number) => x / y;
const remainder = (x: number, y: number) => x % y;
