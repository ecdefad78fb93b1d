import type { Field } from 'apache-arrow/fb/field';
import { Message } from 'apache-arrow/fb/message';
import { Schema } from 'apache-arrow/fb/schema';
import { Type } from 'apache-arrow/fb/type';
import { ByteBuffer } from 'flatbuffers';
import type { FileMetaData } from 'hyparquet';
import { checkMetadataLengths } from '../arrow/checked-metadata.js';
import { unitKey } from '../arrow/unit.js';

checkMetadataLengths();

/** Key of the metadata under which Arrow's writers keep the schema that they wrote. */
const schemaKey = 'ARROW:schema';

/** Columns of which Arrow's schema says what Parquet's cannot: durations, ordered dictionaries, and numbers with a unit. */
export function columnsWithHints({ key_value_metadata }: FileMetaData): ReadonlySet<string> {
  const encoded = key_value_metadata?.find(({ key }) => key === schemaKey)?.value;
  return encoded === undefined ? new Set() : fieldsWithHints(schemaOf(Buffer.from(encoded, 'base64')));
}

/** An encapsulated message: a mark and a length come first. */
function schemaOf(bytes: Uint8Array): Schema {
  const buffer = new ByteBuffer(bytes);
  buffer.setPosition(buffer.readInt32(0) === -1 ? 8 : 4);
  const schema: Schema | null = Message.getRootAsMessage(buffer).header(new Schema());
  if (schema === null) throw new Error('its Arrow schema is damaged');
  return schema;
}

function fieldsWithHints(schema: Schema): Set<string> {
  const names = new Set<string>();
  for (let i = 0; i < schema.fieldsLength(); i++) {
    const field = schema.fields(i);
    const name = field?.name();
    if (field && name && hasHints(field)) names.add(name);
  }
  return names;
}

function hasHints(field: Field): boolean {
  if (field.typeType() === Type.Duration || field.dictionary()?.isOrdered()) return true;
  for (let i = 0; i < field.customMetadataLength(); i++) if (field.customMetadata(i)?.key() === unitKey) return true;
  return false;
}
