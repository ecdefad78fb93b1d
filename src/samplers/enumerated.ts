import { decode, neighbour, type Parameter, type Value } from '../space/index.js';

/** All values of a parameter in order, one at least; `null` where they are more than `most`. */
export function enumerated(parameter: Parameter, most: number): readonly Value[] | null {
  switch (parameter.kind) {
    case 'choice':
      return parameter.items;
    case 'fixed':
      return [parameter.value];
    case 'int':
    case 'float':
      if (parameter.low === parameter.high) return [parameter.low];
      if (parameter.grid === null || parameter.grid.count > most) return null;
      return upwards(parameter);
    default:
      return parameter satisfies never;
  }
}

function upwards(parameter: Parameter): readonly Value[] {
  const values: Value[] = [];
  for (let value: Value | undefined = decode(parameter, 0); value !== undefined; ) {
    values.push(value);
    value = neighbour(parameter, value, 1);
  }
  return values;
}
