// By their own paths: the library's index takes 7 MB more, and a start from an Arrow file needs none of it.
import type { Field } from 'apache-arrow';
import { Precision } from 'apache-arrow/enum';
import { DataType } from 'apache-arrow/type';
import { foreignTable } from './arrow-metadata.js';
import type { ColumnType } from './shared-dataset.js';

/** The type of a column of a data set. */
export function columnType(field: Field, type: DataType): ColumnType {
  // By properties: types that were read are not instances of the classes that types are made with.
  if (DataType.isInt(type) && type.bitWidth === 8 && !type.isSigned) return 'uint8';
  if (DataType.isInt(type) && type.bitWidth === 32 && type.isSigned) return 'int32';
  if (DataType.isFloat(type) && type.precision === Precision.SINGLE) return 'float32';
  throw foreignTable(`column "${field.name}" has type ${field.type}`);
}
