import { type AttributeValue, shapeProto } from './graph-def.js';

/** An op attribute as tfjs-node's kernels pass it to the binding. `type` is one of the binding's `TF_ATTR_…` numbers. */
export interface BindingAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** The binding's numbers for kinds of attributes. */
export interface AttributeKinds {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
}

type Scalar = 's' | 'i' | 'f' | 'b' | 'type' | 'shape';

function scalarField(kinds: AttributeKinds, kind: number): Scalar {
  switch (kind) {
    case kinds.TF_ATTR_STRING:
      return 's';
    case kinds.TF_ATTR_INT:
      return 'i';
    case kinds.TF_ATTR_FLOAT:
      return 'f';
    case kinds.TF_ATTR_BOOL:
      return 'b';
    case kinds.TF_ATTR_TYPE:
      return 'type';
    case kinds.TF_ATTR_SHAPE:
      return 'shape';
    default:
      throw new Error(`attributes of kind ${kind} are not known`);
  }
}

function scalarValue(field: Scalar, value: unknown): unknown {
  if (field === 's') return Buffer.from(String(value));
  if (field === 'shape') return shapeProto(value as number[]);
  // tfjs passes some truth values as 0 and 1
  if (field === 'b') return Boolean(value);
  return value;
}

/** A binding attribute as a GraphDef attribute; an array (other than a shape) becomes a list. */
export function attributeValue(kinds: AttributeKinds, { type, value }: BindingAttribute): AttributeValue {
  const field = scalarField(kinds, type);
  const isList = Array.isArray(value) && (field !== 'shape' || Array.isArray(value[0]));
  if (!isList) return { [field]: scalarValue(field, value) };
  return { list: { [field]: (value as unknown[]).map((item) => scalarValue(field, item)) } };
}
