import { writeSync } from 'node:fs';

/** How long the timed part lasts at least, in seconds; the runner sets it. */
export const leastSeconds = Number(process.env.PEERS_SECONDS ?? 2);

/** Repeats `round` for at least so many seconds; returns milliseconds a round. */
function timeRounds(round, seconds) {
  const started = performance.now();
  let rounds = 0;
  do {
    round();
    rounds++;
  } while (performance.now() - started < seconds * 1000);
  return (performance.now() - started) / rounds;
}

/** Repeats `round`, half as long untimed and then for at least {@link leastSeconds}; returns milliseconds a step. */
export function millisecondsPerStep(round, stepsPerRound) {
  timeRounds(round, leastSeconds / 2);
  return timeRounds(round, leastSeconds) / stepsPerRound;
}

/** Prints one result, as the peers' scripts do: {system, case, variant, metric, unit, value}, and losses where checked. */
export function report(result) {
  writeSync(1, `${JSON.stringify(result)}\n`);
}
export function reportStep(name, system, variant, value, losses) {
  report({ system, case: name, variant, metric: 'time of a step', unit: 'ms', value, losses });
}
