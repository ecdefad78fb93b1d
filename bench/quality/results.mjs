/** From samples to rows: medians with intervals, and how ours compares with each peer. */
import { mannWhitneyAbove, median, medianInterval, signedRankAbove } from './statistics.mjs';

const isOurs = ({ name }) => name.startsWith('tfjs-tuner');

/**
 * One row a system of a case, with two probabilities of the one-sided Mann–Whitney test, small where there is a difference. Peers' rows compare the
 * first of our systems in the case with the peer: `worse`, that ours is worse, and `better`, that it is better. Where a part is `against` one of its
 * systems, the rows of the others compare each of them with that one. Where seeds are `paired`, both begin with the same trials: then it is the
 * signed-rank test of the pairs.
 *
 * @param valuesOf (job) => its values by seed, in the order of seeds
 */
export function rowsOf({ title, metric, lowerIsBetter, cases, against, paired = false }, valuesOf) {
  const compare = (first, second) => {
    const isAbove = paired && first.length === second.length ? signedRankAbove : mannWhitneyAbove;
    const [above, below] = [isAbove(first, second), isAbove(second, first)];
    return { worse: lowerIsBetter ? above : below, better: lowerIsBetter ? below : above };
  };
  const isBase = against === undefined ? isOurs : ({ name }) => name === against;
  return cases.flatMap(({ name, systems }) => {
    const measured = systems.map((system) => ({ system, values: valuesOf(system).map((one) => one[metric]) }));
    const base = measured.find(({ system }) => isBase(system)).values;
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
          ...(against === undefined ? {} : { against }),
        };
        if (isBase(system) || base.length < 2) return row;
        return { ...row, ...(against === undefined ? compare(base, values) : compare(values, base)) };
      });
  });
}
