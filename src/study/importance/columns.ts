/** Hyperparameters as columns of numbers in [0, 1] for a regression tree to split. */
import { encode, type Hyperparameters, type Parameter } from '../../space/index.js';

/**
 * How long a stretch of a number's range is. `values`: by the values themselves, also on a log scale, as Optuna's fANOVA has
 * it. `prior`: on the parameter's own scale, as it is sampled, and as Hutter et al. 2014 have it.
 */
export type Measure = 'values' | 'prior';

/** The columns of one parameter. */
export interface ParameterColumns {
  readonly parameter: Parameter;
  /** Its first column. */
  readonly from: number;
  /** One; for an unordered choice one for each item, of which one is 1 and the others 0. */
  readonly count: number;
}

/** Whether the parameter has more than one value. */
export function varies(parameter: Parameter): boolean {
  switch (parameter.kind) {
    case 'float':
      return parameter.low < parameter.high;
    case 'int':
      return parameter.grid.count > 1;
    case 'choice':
      return parameter.items.length > 1;
    case 'fixed':
      return false;
    default:
      return parameter satisfies never;
  }
}

/** The columns of parameters, one after another. */
export function layOut(parameters: readonly Parameter[]): readonly ParameterColumns[] {
  let from = 0;
  return parameters.map((parameter) => {
    const columns = { parameter, from, count: isOneHot(parameter) ? parameter.items.length : 1 };
    from += columns.count;
    return columns;
  });
}

/** The columns' values for some trials, each with all of the parameters: [columns, trials]. */
export function fillColumns(
  layout: readonly ParameterColumns[],
  trials: readonly Hyperparameters[],
  measure: Measure,
): Float64Array[] {
  return layout.flatMap(({ parameter, count }) => {
    if (isOneHot(parameter)) {
      const indices = trials.map((values) => parameter.items.indexOf(values[parameter.name]!));
      return Array.from({ length: count }, (_, item) =>
        Float64Array.from(indices, (index) => (index === item ? 1 : 0)),
      );
    }
    return [Float64Array.from(trials, (values) => position(parameter, values, measure))];
  });
}

/** Whether it is a choice whose items are in no order: each has a column. */
function isOneHot(parameter: Parameter): parameter is Extract<Parameter, { kind: 'choice' }> {
  return parameter.kind === 'choice' && !parameter.ordered;
}

function position(parameter: Parameter, values: Hyperparameters, measure: Measure): number {
  const value = values[parameter.name]!;
  if (measure === 'prior' || parameter.kind === 'choice' || parameter.kind === 'fixed') return encode(parameter, value);
  return ((value as number) - parameter.low) / (parameter.high - parameter.low);
}
