import protobuf from 'protobufjs/light.js';
import type { SegmentAddon } from '../native/index.js';
import type { AttributeValue } from './graph-def.js';

/** An input of an op: one tensor, or several (`numberAttr` of one type, or `typeListAttr`). */
interface Argument {
  readonly typeAttr: string;
  readonly numberAttr: string;
  readonly typeListAttr: string;
}

const text = (id: number) => ({ type: 'string', id });
const opDef = protobuf.Root.fromJSON({
  nested: {
    ArgDef: { fields: { typeAttr: text(4), numberAttr: text(5), typeListAttr: text(6) } },
    OpDef: {
      fields: { inputArg: { rule: 'repeated', type: 'ArgDef', id: 2 }, isStateful: { type: 'bool', id: 17 } },
    },
  },
}).lookupType('OpDef');

interface Definition {
  readonly inputArg: readonly Argument[];
  readonly isStateful: boolean;
}

/** What libtensorflow says of its ops, read once each. */
export class OpDefinitions {
  readonly #definitions = new Map<string, Definition>();

  constructor(private readonly addon: Pick<SegmentAddon, 'definition'>) {}

  /**
   * Attributes that follow from an op's inputs. Eager execution fills them in where a kernel of tfjs leaves them out; a
   * graph has to state them.
   *
   * @param types TensorFlow's type number of each input
   * @param given attributes that the kernel stated: they say how many tensors an argument takes
   */
  inferred(
    op: string,
    types: readonly number[],
    given: Readonly<Record<string, AttributeValue>>,
  ): Record<string, AttributeValue> {
    const attributes: Record<string, AttributeValue> = {};
    const list = this.#definitionOf(op).inputArg;
    let next = 0;
    for (const [index, { typeAttr, numberAttr, typeListAttr }] of list.entries()) {
      const rest = types.length - next - (list.length - index - 1);
      const several = numberAttr || typeListAttr;
      const count = several ? (given[numberAttr]?.i ?? given[typeListAttr]?.list?.type?.length ?? rest) : 1;
      if (typeAttr) attributes[typeAttr] ??= { type: types[next]! };
      if (numberAttr) attributes[numberAttr] ??= { i: count };
      if (typeListAttr) attributes[typeListAttr] ??= { list: { type: types.slice(next, next + count) } };
      next += count;
    }
    return attributes;
  }

  /** Whether an op's results depend on how often it ran before, as those of random ops do that are not stateless. */
  isStateful(op: string): boolean {
    return this.#definitionOf(op).isStateful;
  }

  #definitionOf(op: string): Definition {
    let definition = this.#definitions.get(op);
    if (!definition) {
      definition = opDef.decode(this.addon.definition(op)) as unknown as Definition;
      this.#definitions.set(op, definition);
    }
    return definition;
  }
}
