import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SchedulePlan, scheduleAt } from '../../src/schedulers/parameter-schedule.js';
import {
  type Action,
  type Command,
  checkActions,
  parseActions,
  parseSchedule,
  withIntroduced,
} from '../../src/schedulers/schedule-entries.js';
import { parseSpace, type SpaceDefinition } from '../../src/space/index.js';

const definition: SpaceDefinition = {
  rate: { float: [1e-4, 1], scale: 'log' },
  dropout: { float: [0, 0.5] },
  hidden: { choice: [64, 128] },
};

function planOf(written: unknown, commands: readonly Command[] = []): SchedulePlan {
  const schedule = parseSchedule(written);
  const space = parseSpace(withIntroduced(definition, schedule));
  checkActions(schedule, space);
  return { space, interval: 100, target: null, schedule, commands };
}

/** The names frozen in each of the first segments, of 100 steps each. */
const frozenBy = (plan: SchedulePlan, count: number) =>
  Array.from({ length: count }, (_, generation) => [...scheduleAt(plan, generation, generation * 100).frozen].join());

describe('a schedule', () => {
  it('freezes and unfreezes from a generation on', () => {
    const plan = planOf([
      { at: 4, unfreeze: ['dropout'] },
      { at: 2, freeze: ['dropout'] },
    ]);
    expect(frozenBy(plan, 6)).toEqual(['', '', 'dropout', 'dropout', '', '']);
  });

  it('counts in steps as well', () => {
    const plan = planOf([
      { step: 250, freeze: 'rate' },
      { at: 1, freeze: ['dropout'] },
    ]);
    expect(frozenBy(plan, 4)).toEqual(['', 'dropout', 'dropout', 'rate,dropout']);
  });

  it('holds a parameter at its start before it is introduced', () => {
    const plan = planOf([{ at: 5, introduce: { labelSmoothing: { float: [0.01, 0.2], scale: 'log', start: 0 } } }]);
    expect(plan.space.parameters.map(({ name }) => name)).toEqual(['rate', 'dropout', 'hidden', 'labelSmoothing']);
    const before = scheduleAt(plan, 4, 400);
    expect(before.held).toEqual({ labelSmoothing: 0 });
    expect([...before.frozen]).toEqual(['labelSmoothing']);
    const after = scheduleAt(plan, 5, 500);
    expect(after.held).toEqual({});
    expect(after.frozen.size).toBe(0);
    expect(after.space.parameters.at(-1)).toMatchObject({ low: 0.01, high: 0.2, structural: false });
  });

  it.each([
    [{ float: [0.1, 0.2] }, 0.1],
    [{ float: [0.1, 0.2], default: 0.15 }, 0.15],
    [{ int: [2, 5] }, 2],
    [{ choice: ['none', 'some'] }, 'none'],
    [{ boolean: true }, false],
    [{ int: [2, 5], start: 0 }, 0],
  ])('starts %j at %j', (written, start) => {
    const plan = planOf([{ at: 1, introduce: { added: written } }]);
    expect(scheduleAt(plan, 0, 0).held).toEqual({ added: start });
    expect(plan.space.parameters.at(-1)!.structural).toBe(false);
  });

  it('gives a parameter of the space another range', () => {
    const plan = planOf([{ at: 2, introduce: { dropout: { float: [0.1, 0.2], start: 0.05 } } }]);
    expect(scheduleAt(plan, 1, 100).held).toEqual({ dropout: 0.05 });
    expect(scheduleAt(plan, 2, 200).space.parameters[1]).toMatchObject({ name: 'dropout', low: 0.1, high: 0.2 });
  });

  it('changes the interval and the target', () => {
    const plan = planOf([
      { at: 15, interval: 250 },
      { at: 16, interval: '2 epochs', target: 0.9 },
    ]);
    const at = (generation: number) => scheduleAt(plan, generation, 0);
    expect([at(14).interval, at(15).interval, at(16).interval]).toEqual([100, 250, { epochs: 2 }]);
    expect([at(15).target, at(16).target]).toEqual([null, 0.9]);
  });

  it('without entries changes nothing', () => {
    const plan = planOf(undefined);
    const { space, ...rest } = scheduleAt(plan, 7, 700);
    expect(space).toBe(plan.space);
    expect(rest).toEqual({ frozen: new Set(), held: {}, interval: 100, target: null });
  });

  it('means the same in whatever order it is written', () => {
    const entry = fc.record({
      at: fc.nat(8),
      kind: fc.constantFrom('freeze', 'unfreeze'),
      name: fc.constantFrom('rate', 'dropout'),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ at, name }) => `${at}${name}` }),
        fc.nat(9),
        (entries, generation) => {
          const written = entries.map(({ at, kind, name }) => ({ at, [kind]: [name] }));
          const { frozen } = scheduleAt(planOf(written), generation, 0);
          expect(scheduleAt(planOf(written.toReversed()), generation, 0).frozen).toEqual(frozen);
          for (const name of ['rate', 'dropout']) {
            const last = entries
              .filter((one) => one.name === name && one.at <= generation)
              .sort((a, b) => b.at - a.at)[0];
            expect(frozen.has(name)).toBe(last?.kind === 'freeze');
          }
        },
      ),
    );
  });
});

describe('a command', () => {
  const command = (action: Action, generation: number): Command => ({ ...action, generation, step: generation * 100 });

  it('acts as if it had been written in the sweep', () => {
    const actions: unknown[] = [
      { freeze: ['dropout'] },
      { unfreeze: ['rate'] },
      { introduce: { dropout: { float: [0, 0.1] } } },
      { interval: 250 },
      { target: 0.5 },
    ];
    const base = [
      { at: 2, freeze: ['rate'] },
      { at: 6, unfreeze: ['dropout'] },
    ];
    for (const written of actions) {
      const [action] = parseActions(written);
      const commanded = planOf(base, [command(action!, 4)]);
      const inSweep = planOf([...base, { at: 4, ...(written as object) }]);
      for (let generation = 0; generation < 10; generation++) {
        const [a, b] = [commanded, inSweep].map((plan) => scheduleAt(plan, generation, generation * 100));
        // what a command introduces was explored before, and not held
        if (action!.kind === 'introduce' && generation < 4) continue;
        expect(a).toEqual(b);
      }
    }
  });

  it('introduces earlier what the schedule introduces later', () => {
    const plan = planOf(
      [{ at: 9, introduce: { added: { float: [0, 1] } } }],
      [command(parseActions({ introduce: { added: { float: [0, 0.5] } } })[0]!, 3)],
    );
    expect(scheduleAt(plan, 2, 200).held).toEqual({ added: 0 });
    expect(scheduleAt(plan, 3, 300)).toMatchObject({ held: {}, frozen: new Set() });
    expect(scheduleAt(plan, 3, 300).space.parameters.at(-1)).toMatchObject({ high: 0.5 });
    expect(scheduleAt(plan, 9, 900).space.parameters.at(-1)).toMatchObject({ high: 1 });
  });

  it('is ordered by steps among entries that count in steps', () => {
    const plan = planOf([{ step: 500, freeze: ['rate'] }], [command(parseActions({ unfreeze: ['rate'] })[0]!, 3)]);
    expect(frozenBy(plan, 7)).toEqual(['', '', '', '', '', 'rate', 'rate']);
  });

  it('can be written down and read again', () => {
    const [action] = parseActions({ introduce: { dropout: { float: [0, 0.1] } } });
    expect(JSON.parse(JSON.stringify(action))).toEqual(action);
  });
});

describe('a schedule that is wrong', () => {
  it.each<[unknown, string, string]>([
    ['freeze', 'SCHEDULERS_SCHEDULE_NOT_A_LIST', '"freeze"'],
    [[5], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'Entry 1'],
    [[{ at: 5 }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'at least one of freeze'],
    [[{ freeze: ['rate'] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'either at'],
    [[{ at: 1, step: 2, freeze: ['rate'] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'either at'],
    [[{ at: -1, freeze: ['rate'] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'not -1'],
    [[{ at: '5', freeze: ['rate'] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'not "5"'],
    [[{ at: 1, freeze: [] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'as freeze'],
    [[{ at: 1, freeze: [1] }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'as freeze'],
    [[{ at: 1, freze: ['rate'] }], 'SCHEDULERS_SCHEDULE_KEY_UNKNOWN', 'Did you mean "freeze"?'],
    [[{ at: 1, interval: '2 hours' }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'as interval, not "2 hours"'],
    [[{ at: 1, target: 'high' }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'as target'],
    [[{ at: 1, introduce: {} }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'as introduce'],
    [[{ at: 1, introduce: { a: 5 } }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'for "a"'],
    [[{ at: 1, introduce: { a: { float: [1, 0] } } }], 'SPACE_EMPTY_RANGE', '"a"'],
    [[{ at: 1, introduce: { a: { int: [1, 2], structural: true } } }], 'SCHEDULERS_SCHEDULE_STRUCTURAL', '"a"'],
    [
      [{ at: 1, introduce: { a: { float: [0, 1], start: 'x' } } }],
      'SCHEDULERS_SCHEDULE_ENTRY_INVALID',
      'a finite number',
    ],
    [[{ at: 1, introduce: { a: { choice: ['x', 'y'], start: 'z' } } }], 'SCHEDULERS_SCHEDULE_ENTRY_INVALID', 'one of'],
    [[1, 2].map((at) => ({ at, introduce: { a: { float: [0, 1] } } })), 'SCHEDULERS_SCHEDULE_INTRODUCED_TWICE', '"a"'],
    [
      [
        { at: 1, freeze: ['rate'] },
        { step: 5, unfreeze: ['rate'] },
      ],
      'SCHEDULERS_SCHEDULE_UNITS_MIXED',
      'parameter rate',
    ],
    [
      [
        { at: 1, interval: 5 },
        { step: 5, interval: 6 },
      ],
      'SCHEDULERS_SCHEDULE_UNITS_MIXED',
      'interval',
    ],
    [[{ at: 1, freeze: ['droput'] }], 'SCHEDULERS_SCHEDULE_PARAMETER_UNKNOWN', 'Did you mean "dropout"?'],
    [[{ at: 1, freeze: ['hidden'] }], 'SCHEDULERS_SCHEDULE_STRUCTURAL', '"hidden"'],
    [[{ at: 1, introduce: { hidden: { choice: [64, 128] } } }], 'SCHEDULERS_SCHEDULE_STRUCTURAL', '"hidden"'],
    [[{ at: 1, introduce: { rate: { choice: [0.1, 0.2] } } }], 'SCHEDULERS_SCHEDULE_OTHER_KIND', 'float'],
  ])('is refused: %j', (written, code, text) => {
    expect(() => planOf(written)).toThrow(
      expect.objectContaining({ code, kind: 'input', message: expect.stringContaining(text) }),
    );
  });
});
