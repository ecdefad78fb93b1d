import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  choice,
  createStudy,
  float,
  type Hyperparameters,
  int,
  medianStopping,
  plateau,
  randomSampler,
  type Sampler,
  stepsBudget,
  wallTime,
} from '../../../src/study/public.js';
import { bowl, curve, plane } from './support.js';

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe('a study', () => {
  it('tunes a plain function', async () => {
    const study = createStudy({ space: plane, seed: 1, sampler: randomSampler() });
    await study.optimize((trial) => bowl(trial.hyperparameters), { trials: 200 });
    expect(study.trials).toHaveLength(200);
    expect(study.best!.value).toBeLessThan(2);
    expect(study.best!.value).toBe(Math.min(...study.trials.map(({ value }) => value!)));
    expect(study.best!.value).toBe(bowl(study.best!.hyperparameters));
  });

  it('gives hyperparameters the types of the space', () => {
    const study = createStudy({
      space: { rate: float(0, 1), layers: int(1, 4), act: choice(['relu', 'tanh']) },
      trials: 1,
    });
    const { hyperparameters } = study.ask();
    expectTypeOf(hyperparameters).toEqualTypeOf<{
      readonly rate: number;
      readonly layers: number;
      readonly act: 'relu' | 'tanh';
    }>();
    expect(['relu', 'tanh']).toContain(hyperparameters.act);
  });

  it('is the same for the same seed, and another for another', async () => {
    const run = async (seed: number) => {
      const study = createStudy({ space: plane, seed, trials: 20, sampler: randomSampler() });
      await study.optimize((trial) => bowl(trial.hyperparameters));
      return study.journal;
    };
    expect(await run(3)).toEqual(await run(3));
    expect(await run(3)).not.toEqual(await run(4));
  });

  it('maximises', async () => {
    const study = createStudy({ space: plane, direction: 'maximize', sampler: randomSampler() });
    await study.optimize((trial) => -bowl(trial.hyperparameters), { trials: 30 });
    expect(study.best!.value).toBe(Math.max(...study.trials.map(({ value }) => value!)));
  });

  it('tells samplers losses, whatever the direction, with what failed and what runs', () => {
    const seen: unknown[] = [];
    const spy: Sampler = {
      name: 'spy',
      propose: (input) => {
        seen.push(input.history.map(({ trial, status, losses, note }) => ({ trial, status, losses, note })));
        return { ...randomSampler().propose(input), note: { at: input.trial } };
      },
    };
    const study = createStudy({ space: plane, direction: 'maximize', sampler: spy });
    const [first, second] = [study.ask(), study.ask()];
    study.tell(second, 5);
    study.tell(first, 'failed');
    study.ask();
    study.ask();
    expect(seen.at(-1)).toEqual([
      { trial: 0, status: 'failed', losses: [], note: { at: 0 } },
      { trial: 1, status: 'complete', losses: [-5], note: { at: 1 } },
      { trial: 2, status: 'running', losses: [], note: { at: 2 } },
    ]);
  });

  it('takes a result that is NaN as failed, and infinite ones as they are', () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    study.tell(study.ask(), Number.NaN);
    study.tell(study.ask(), Number.POSITIVE_INFINITY);
    study.tell(study.ask(), Number.NEGATIVE_INFINITY);
    expect(study.trials.map(({ status }) => status)).toEqual(['failed', 'complete', 'complete']);
    expect(study.best!.number).toBe(2);
    expect(JSON.parse(JSON.stringify(study.journal))).toEqual(study.journal);
  });

  it('has no best before a trial is complete', () => {
    const study = createStudy({ space: plane });
    expect(study.best).toBeNull();
    study.tell(study.ask(), 'failed');
    expect(study.best).toBeNull();
    expect(study.paretoFront).toEqual([]);
  });

  it('refuses a sampler that proposes what is not allowed', () => {
    const wrong: Sampler = { name: 'wrong', propose: () => ({ hyperparameters: { a: 9, b: 0 } }) };
    expect(() => createStudy({ space: plane, sampler: wrong }).ask()).toThrow(code('SPACE_BAD_VALUE'));
  });

  it('keeps parameters together by constraints', async () => {
    const study = createStudy({ space: plane, constraints: ['a <= b'], sampler: randomSampler() });
    await study.optimize((trial) => trial.hyperparameters.a, { trials: 50 });
    for (const { hyperparameters } of study.trials) expect(hyperparameters.a).toBeLessThanOrEqual(hyperparameters.b);
  });

  it('gives each trial a seed of its own', () => {
    const study = createStudy({ space: plane, seed: 1 });
    const seeds = Array.from({ length: 50 }, () => study.ask().seed);
    expect(new Set(seeds).size).toBe(50);
    expect(createStudy({ space: plane, seed: 1 }).ask().seed).toBe(seeds[0]);
  });
});

describe('points to try first', () => {
  const enqueue: Partial<Hyperparameters>[] = [{ a: 1, b: -2 }, { a: 4 }];

  it('come before what the sampler proposes, completed', () => {
    const study = createStudy({ space: plane, enqueue, sampler: randomSampler() });
    expect(study.ask().hyperparameters).toEqual({ a: 1, b: -2 });
    expect(study.ask().hyperparameters.a).toBe(4);
    study.enqueue({ b: 0 });
    expect(study.ask().hyperparameters.b).toBe(0);
    expect(study.journal.filter(({ kind }) => kind === 'asked').map((one) => 'by' in one && one.by)).toEqual(
      Array(3).fill('enqueued'),
    );
  });

  it('are refused where they are not allowed', () => {
    expect(() => createStudy({ space: plane, enqueue: [{ a: 9 }] })).toThrow(code('SPACE_BAD_VALUE'));
    expect(() => createStudy({ space: plane }).enqueue({ c: 9 } as never)).toThrow(code('SPACE_UNKNOWN_PARAMETER'));
  });
});

describe('pruning', () => {
  const prunes = () =>
    createStudy({
      space: plane,
      seed: 5,
      sampler: randomSampler(),
      scheduler: medianStopping({ startupTrials: 4 }),
      maxSteps: 10,
    });

  it('stops what is worse than the median, and nothing else', async () => {
    const study = prunes();
    await study.optimize(
      (trial) => {
        for (let step = 1; step <= 10; step++) {
          if (trial.report(step, curve(trial.hyperparameters, step)) === 'stop') {
            expect(trial.pruned).toBe(true);
            return;
          }
        }
        return bowl(trial.hyperparameters);
      },
      { trials: 40 },
    );
    const pruned = study.trials.filter(({ status }) => status === 'pruned');
    const complete = study.trials.filter(({ status }) => status === 'complete');
    expect(pruned.length).toBeGreaterThan(5);
    expect(complete.length).toBeGreaterThan(5);
    expect(complete.length + pruned.length).toBe(40);
    for (const { value, reports } of pruned) expect(value).toBe(reports.at(-1)!.value);
    for (const { reports } of complete) expect(reports).toHaveLength(10);
    expect(study.best!.status).toBe('complete');
  });

  it('answers a trial that goes on after "stop" with "stop" again, and keeps its last report', () => {
    const study = prunes();
    for (let count = 0; count < 5; count++) {
      const trial = study.ask();
      trial.report(1, count);
      study.tell(trial, count);
    }
    const trial = study.ask();
    expect(trial.report(1, 1000)).toBe('stop');
    expect(trial.report(2, 0)).toBe('stop');
    study.tell(trial, 0);
    expect(study.trials[5]).toMatchObject({ status: 'pruned', value: 1000 });
  });

  it('by the objective itself takes its last report', () => {
    const study = createStudy({ space: plane });
    const trial = study.ask();
    trial.report(3, 7);
    study.tell(trial, 'pruned');
    expect(study.trials[0]).toMatchObject({ status: 'pruned', value: 7 });
    expect(() => study.tell(study.ask(), 'pruned')).toThrow(code('STUDY_RESULT_INVALID'));
  });

  it('needs a scheduler that does not pause, a number of steps, and one objective', () => {
    const scheduler = medianStopping();
    const pauses = { ...scheduler, pauses: true };
    expect(() => createStudy({ space: plane, scheduler: pauses, maxSteps: 3 })).toThrow(code('STUDY_SCHEDULER_PAUSES'));
    expect(() => createStudy({ space: plane, scheduler })).toThrow(code('STUDY_OPTION_INVALID'));
    expect(() => createStudy({ space: plane, scheduler, maxSteps: 3, directions: ['minimize', 'minimize'] })).toThrow(
      code('STUDY_ONE_OBJECTIVE_ONLY'),
    );
  });
});

describe('several objectives', () => {
  const study = () => createStudy({ space: plane, directions: ['minimize', 'maximize'], sampler: randomSampler() });

  it('have a front that nobody dominates', async () => {
    const two = study();
    await two.optimize(({ hyperparameters: { a, b } }) => [a * a, -((a - 2) ** 2) - Math.abs(b)], { trials: 60 });
    const front = two.paretoFront;
    expect(front.length).toBeGreaterThan(1);
    for (const { values: own } of front) {
      const better = two.trials.filter(
        ({ values: [x, y] }) => x! <= own[0]! && y! >= own[1]! && (x! < own[0]! || y! > own[1]!),
      );
      expect(better).toEqual([]);
    }
    expect(() => two.best).toThrow(code('STUDY_ONE_OBJECTIVE_ONLY'));
    const trial = two.ask();
    trial.report(2, 1);
    two.tell(trial, [1, 1]);
    expect(two.trials.at(-1)).toMatchObject({ status: 'complete', values: [1, 1], reports: [{ step: 2, value: 1 }] });
  });

  it('want a value each', () => {
    const two = study();
    expect(() => two.tell(two.ask(), 1)).toThrow(code('STUDY_RESULT_INVALID'));
    expect(() => two.tell(0, [1])).toThrow(code('STUDY_RESULT_INVALID'));
    expect(() => createStudy({ space: plane, target: 1, directions: ['minimize', 'minimize'] })).toThrow(
      code('STUDY_ONE_OBJECTIVE_ONLY'),
    );
  });
});

describe('outcome constraints', () => {
  it('leave out what breaks them', () => {
    const study = createStudy({ space: plane, outcomeConstraints: ['memory'] });
    study.tell(study.ask(), { value: 1, constraints: { memory: 5 } });
    expect(study.best).toBeNull();
    study.tell(study.ask(), { value: 3, constraints: { memory: 0 } });
    study.tell(study.ask(), { value: 2, constraints: { memory: -1 } });
    expect(study.best).toMatchObject({ number: 2, value: 2, constraints: { memory: -1 } });
  });

  it('are told by name, all of them and no other', () => {
    const study = createStudy({ space: plane, outcomeConstraints: ['memory'] });
    const trial = study.ask();
    for (const told of [1, { value: 1 }, { value: 1, constraints: { memory: 1, time: 1 } }]) {
      expect(() => study.tell(trial, told)).toThrow(code('STUDY_RESULT_INVALID'));
    }
    study.tell(trial, { value: 1, constraints: { memory: Number.NaN } });
    expect(study.trials[0]!.status).toBe('failed');
  });
});

describe('a study ends', () => {
  const study = (options: object) => createStudy({ space: plane, sampler: randomSampler(), ...options });

  it('after its trials', async () => {
    const ended = study({ trials: 3 });
    await ended.optimize(() => 1);
    expect(ended.ended).toBe('trials');
    expect(ended.trials).toHaveLength(3);
    expect(() => ended.ask()).toThrow(code('STUDY_NO_MORE_TRIALS'));
  });

  it('at its target, by a feasible trial', () => {
    const ended = study({ target: 1, outcomeConstraints: ['memory'] });
    ended.tell(ended.ask(), { value: 0, constraints: { memory: 1 } });
    expect(ended.ended).toBeNull();
    const running = ended.ask();
    ended.tell(ended.ask(), { value: 1, constraints: { memory: 0 } });
    expect(ended.ended).toBe('target');
    ended.tell(running, { value: -1, constraints: { memory: 0 } });
    expect(ended.best!.value).toBe(-1);
    const maximised = study({ target: 1, direction: 'maximize' });
    maximised.tell(maximised.ask(), 0.9);
    expect(maximised.ended).toBeNull();
    maximised.tell(maximised.ask(), 1.1);
    expect(maximised.ended).toBe('target');
  });

  it('on a plateau', () => {
    const ended = study({ stop: [plateau({ trials: 2, minDelta: 0.5 })] });
    for (const value of ['failed', 'failed', 'failed', 9, 8, 7.9, 7.4, 7.3] as const) ended.tell(ended.ask(), value);
    expect(ended.ended).toBeNull();
    ended.tell(ended.ask(), 7.2);
    expect(ended.ended).toBe('plateau');
  });

  it('on a plateau of the front', () => {
    const ended = study({ stop: [plateau({ trials: 2 })], directions: ['minimize', 'minimize'] });
    for (const values of [
      [1, 1],
      [2, 0],
      [0, 2],
      [1, 1],
    ])
      ended.tell(ended.ask(), values);
    expect(ended.ended).toBeNull();
    ended.tell(ended.ask(), [3, 3]);
    expect(ended.ended).toBe('plateau');
  });

  it('after its steps', () => {
    const ended = study({ stop: [stepsBudget({ steps: 10 })] });
    const [first, second] = [ended.ask(), ended.ask()];
    first.report(6, 1);
    second.report(2, 1);
    second.report(4, 1);
    expect(ended.ended).toBeNull();
    ended.tell(first, 1);
    expect(ended.ended).toBe('steps');
  });

  it('after a wall time that the caller measures', () => {
    let time = 1000;
    const ended = study({ stop: [wallTime({ seconds: 5, now: () => time })] });
    time = 5999;
    ended.tell(ended.ask(), 1);
    expect(ended.ended).toBeNull();
    time = 6000;
    ended.tell(ended.ask(), 1);
    expect(ended.ended).toBe('wall');
  });

  it('when the scheduler starts no more', async () => {
    const inner = medianStopping();
    const three = {
      ...inner,
      begin: (context: never) => {
        const run = inner.begin(context);
        return {
          ...run,
          report: run.report.bind(run),
          next: (trial: number | null) => run.next(trial! < 3 ? trial : null),
        };
      },
    };
    const ended = study({ scheduler: three, maxSteps: 2 });
    await ended.optimize(() => 1, { trials: 10 });
    expect(ended.ended).toBe('scheduler');
    expect(ended.trials).toHaveLength(3);
  });
});

describe('what is wrong is said at the door', () => {
  const bad: [string, object][] = [
    ['STUDY_OPTION_UNKNOWN', { sede: 1 }],
    ['STUDY_OPTION_INVALID', { seed: -1 }],
    ['STUDY_OPTION_INVALID', { trials: 0 }],
    ['STUDY_OPTION_INVALID', { direction: 'min' }],
    ['STUDY_OPTION_INVALID', { directions: [] }],
    ['STUDY_OPTION_INVALID', { direction: 'minimize', directions: ['minimize'] }],
    ['STUDY_OPTION_INVALID', { sampler: 'tpe' }],
    ['STUDY_OPTION_INVALID', { target: Number.NaN }],
    ['STUDY_OPTION_INVALID', { stop: ['plateau'] }],
    ['STUDY_OPTION_INVALID', { parallel: 0.5 }],
    ['STUDY_OPTION_INVALID', { outcomeConstraints: ['a', 'a'] }],
    ['SPACE_NOT_AN_OBJECT', { space: 3 }],
  ];
  it.each(bad)('%s %j', (wanted, options) => {
    expect(() => createStudy({ space: plane, ...options } as never)).toThrow(code(wanted));
  });

  it('suggests what was meant', () => {
    expect(() => createStudy({ space: plane, trails: 1 } as never)).toThrow('Did you mean "trials"?');
  });

  it.each([
    [0, 1],
    [1.5, 1],
    [Number.NaN, 1],
    [1, '2'],
  ])('refuses a report of step %j, value %j', (step, value) => {
    const trial = createStudy({ space: plane }).ask();
    expect(() => trial.report(step, value as number)).toThrow(code('STUDY_REPORT_INVALID'));
  });

  it('refuses steps that do not rise, or are too many', () => {
    const trial = createStudy({ space: plane, maxSteps: 5 }).ask();
    trial.report(2, 1);
    for (const step of [1, 2, 6]) expect(() => trial.report(step, 1)).toThrow(code('STUDY_REPORT_INVALID'));
  });

  it.each([undefined, null, 'nine', [1, 2], {}, { value: 'x' }, { value: 1, constraints: { a: 1 } }])(
    'refuses the result %j',
    (told) => {
      const study = createStudy({ space: plane });
      expect(() => study.tell(study.ask(), told as never)).toThrow(code('STUDY_RESULT_INVALID'));
      expect(study.trials[0]!.status).toBe('running');
    },
  );

  it('refuses to hear of a trial twice, or of one that it does not know', () => {
    const study = createStudy({ space: plane });
    const trial = study.ask();
    study.tell(trial, 1);
    for (const action of [() => study.tell(trial, 1), () => study.tell(7, 1), () => trial.report(1, 1)]) {
      expect(action).toThrow(code('STUDY_TRIAL_NOT_RUNNING'));
    }
  });
});

describe('optimize', () => {
  it('runs as many at a time as it is told', async () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    let [running, most] = [0, 0];
    await study.optimize(
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return 1;
      },
      { trials: 10, parallel: 4 },
    );
    expect([running, most, study.trials.length]).toEqual([0, 4, 10]);
  });

  it('needs an end', async () => {
    await expect(async () => createStudy({ space: plane }).optimize(() => 1)).rejects.toThrow(code('STUDY_UNBOUNDED'));
  });

  it('throws what the objective throws, once others that run are told', async () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    const run = study.optimize(
      async (trial) => {
        await Promise.resolve();
        if (trial.number === 1) throw new Error('out of memory');
        return 1;
      },
      { trials: 10, parallel: 3 },
    );
    await expect(run).rejects.toThrow('out of memory');
    expect(study.trials.map(({ status }) => status)).not.toContain('running');
    expect(study.trials[1]).toMatchObject({ status: 'failed', message: 'out of memory' });
    expect(study.trials.length).toBeLessThan(10);
  });

  it('goes on after errors where it is told to', async () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    await study.optimize(
      ({ number }) => {
        if (number % 2 === 1) throw new Error('odd');
        return 1;
      },
      { trials: 6, onError: 'continue' },
    );
    expect(study.trials.map(({ status }) => status)).toEqual([...Array(3)].flatMap(() => ['complete', 'failed']));
  });

  it('asks for nothing any more once its signal is aborted', async () => {
    const study = createStudy({ space: plane, sampler: randomSampler() });
    const controller = new AbortController();
    await study.optimize(
      ({ number }) => {
        if (number === 4) controller.abort();
        return 1;
      },
      { signal: controller.signal },
    );
    expect(study.trials).toHaveLength(5);
    expect(study.ended).toBeNull();
  });
});
