import { afterEach, describe, expect, it } from 'vitest';
import { CallPace } from '../../src/engine/call-pace.js';

describe('CallPace', () => {
  afterEach(() => {
    delete process.env.TFJS_TUNER_STEPS_PER_CALL;
  });

  it('starts with two steps, or one where a call can do no more', () => {
    expect(new CallPace(128).steps).toBe(2);
    expect(new CallPace(1).steps).toBe(1);
  });

  it.each([
    // milliseconds of a call of 4 steps; steps of the next
    [4, 100],
    [400, 1],
    [4000, 1],
    [40, 10],
    [0.004, 128],
    [0, 128],
  ])('after 4 steps in %d ms, does %d', (milliseconds, steps) => {
    const pace = new CallPace(128);
    expect(pace.isMeasured).toBe(false);
    pace.took(4, milliseconds);
    expect(pace.isMeasured).toBe(true);
    expect(pace.steps).toBe(steps);
  });

  it('follows a step that becomes slower, so that the next call is short again', () => {
    const pace = new CallPace(128);
    pace.took(2, 2);
    pace.took(100, 2000);
    expect(pace.steps * 20).toBeLessThanOrEqual(250);
  });

  it.each([
    ['3', 3],
    ['500', 128],
    ['0', 2],
    ['a few', 2],
  ])('does what TFJS_TUNER_STEPS_PER_CALL=%s says', (value, steps) => {
    process.env.TFJS_TUNER_STEPS_PER_CALL = value;
    expect(new CallPace(128).steps).toBe(steps);
  });
});
