/** From samples to rows: medians with intervals, and how ours compares with each peer. */
import { mannWhitneyAbove, median, medianInterval, signedRankAbove } from './statistics.mjs';

const isOurs = ({ name }) => name.startsWith('tfjs-tuner');

/**
 * One row a system of a case. Peers' rows carry two probabilities, of the one-sided Mann–Whitney test between the first of our systems in the
 * case and the peer: `worse`, small where ours is worse than the peer, and `better`, small where it is better. Where seeds are `paired`, both
 * begin with the same trials: then it is the signed-rank test of the pairs.
 *
 * @param valuesOf (job) => its values by seed, in the order of seeds
 */
export function rowsOf({ title, metric, lowerIsBetter, cases, paired = false }, valuesOf) {
  return cases.flatMap(({ name, systems }) => {
    const measured = systems.map((system) => ({ system, values: valuesOf(system).map((one) => one[metric]) }));
    const ours = measured.find(({ system }) => isOurs(system)).values;
    return measured
      .filter(({ values }) => values.length > 1)
      .map(({ system, values }) => {
        const [low, high] = medianInterval(values);
        const row = {
          part: title,
          case: name,
          system: system.name,
          metric,
          median: median(values),
          low,
          high,
          seeds: values.length,
        };
        if (isOurs(system) || ours.length < 2) return row;
        const isAbove = paired && ours.length === values.length ? signedRankAbove : mannWhitneyAbove;
        const [above, below] = [isAbove(ours, values), isAbove(values, ours)];
        return { ...row, worse: lowerIsBetter ? above : below, better: lowerIsBetter ? below : above };
      });
  });
}
