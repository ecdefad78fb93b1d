/**
 * The messages of an Arrow IPC file or stream, checked before apache-arrow reads them. It believes what they say: a length below zero moves it
 * back, and a footer that names the schema as a record batch makes it read the schema for ever; columns of different lengths are
 * filled up with nulls. The format: https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
import type { FileHandle } from 'node:fs/promises';
import { DataType, type Field, Message, MessageHeader, type Schema } from 'apache-arrow';
import { Footer } from 'apache-arrow/ipc/metadata/file';
import type { DictionaryBatch, RecordBatch } from 'apache-arrow/ipc/metadata/message';

/** Of the magic and its padding, before the first message of a file. */
const leaderBytes = 8;
/** Of the footer's length and the magic after it. */
const trailerBytes = 10;

/** A file of one of the two forms, open. */
interface ArrowBytes {
  readonly file: FileHandle;
  readonly size: number;
}

/** A message whose metadata were read. */
interface ReadMessage {
  readonly message: Message;
  /** Where its body ends. */
  readonly end: number;
}

/** @throws Error if the messages of a file, which its footer lists, lie outside of it or on each other, or contradict themselves. */
export async function checkFile(bytes: ArrowBytes): Promise<void> {
  const { footer, start } = await readFooter(bytes);
  const parts = [
    ...[...footer.dictionaryBatches()].map((block) => ({ block, type: MessageHeader.DictionaryBatch })),
    ...[...footer.recordBatches()].map((block) => ({ block, type: MessageHeader.RecordBatch })),
  ];
  let taken = 0;
  for (const { block, type } of parts) {
    const { offset, metaDataLength } = block;
    must(
      offset >= leaderBytes && metaDataLength > 0 && offset + metaDataLength <= start,
      'lists a batch outside of it',
    );
    const { message, end } = (await readMessage(bytes, offset, start)) ?? damaged('lists a batch where there is none');
    must(end === offset + metaDataLength + message.bodyLength, 'has a batch of another length than its footer says');
    taken += end - offset;
    // Each may be read as often as it is listed.
    must(taken <= start, 'lists batches that overlap');
    checkMessage(message, type, footer.schema);
  }
}

/** @throws Error if a message of a stream lies outside of it, or contradicts itself, or has no place where it stands. */
export async function checkStream(bytes: ArrowBytes): Promise<void> {
  let schema: Schema | undefined;
  for (let at = 0; ; ) {
    const read = await readMessage(bytes, at, bytes.size);
    if (read === undefined) return;
    const { message } = read;
    if (schema === undefined) schema = checkMessage(message, MessageHeader.Schema) as Schema;
    else if (message.isDictionaryBatch()) checkMessage(message, MessageHeader.DictionaryBatch, schema);
    else checkMessage(message, MessageHeader.RecordBatch, schema);
    at = read.end;
  }
}

async function readFooter(bytes: ArrowBytes): Promise<{ footer: Footer; start: number }> {
  const { size } = bytes;
  must(size >= leaderBytes + trailerBytes, 'is cut off');
  const length = (await readAt(bytes, size - trailerBytes, 4)).readInt32LE(0);
  const start = size - trailerBytes - length;
  must(length > 0 && start >= leaderBytes, 'has a footer that does not fit into it');
  return { footer: Footer.decode(await readAt(bytes, start, length)), start };
}

/** The message at a position; `undefined` at the end, marked or not. */
async function readMessage(bytes: ArrowBytes, at: number, limit: number): Promise<ReadMessage | undefined> {
  if (at === limit) return undefined;
  const head = await readAt(bytes, at, Math.min(8, limit - at));
  must(head.length >= 4, 'is cut off');
  // files of old versions have no mark before the length
  const isMarked = head.readInt32LE(0) === -1;
  must(!isMarked || head.length === 8, 'is cut off');
  const length = isMarked ? head.readInt32LE(4) : head.readInt32LE(0);
  if (length === 0) return undefined;
  const start = at + (isMarked ? 8 : 4);
  must(length > 0 && start + length <= limit, 'has a message that does not fit into it');
  const message = Message.decode(await readAt(bytes, start, length));
  const end = start + length + message.bodyLength;
  must(message.bodyLength >= 0 && end <= limit, 'has a message that does not fit into it');
  return { message, end };
}

/** The header of a message, which is of a type. */
function checkMessage(message: Message, type: MessageHeader, schema?: Schema): unknown {
  must(message.headerType === type, `has no ${MessageHeader[type]} where one should be`);
  const header = message.header();
  if (schema === undefined) return header;
  if (type === MessageHeader.RecordBatch) checkBatch(header as never, message.bodyLength, schema.fields);
  if (type === MessageHeader.DictionaryBatch) checkDictionary(header as never, message.bodyLength, schema);
  return header;
}

function checkDictionary({ id, data }: DictionaryBatch, bodyLength: number, { dictionaries }: Schema): void {
  const type = dictionaries.get(id) ?? damaged('has a dictionary that no column uses');
  checkBatch(data, bodyLength, [{ type }]);
}

function checkBatch(batch: RecordBatch, bodyLength: number, fields: readonly Pick<Field, 'type'>[]): void {
  const { length, nodes, buffers } = batch;
  must(length >= 0, 'has a batch of less than no rows');
  for (const { offset, length: bytes } of buffers) {
    must(offset >= 0 && bytes >= 0 && offset + bytes <= bodyLength, 'has values outside of their batch');
  }
  for (const node of nodes) must(node.nullCount >= 0 && node.nullCount <= node.length, 'has more nulls than values');
  let at = 0;
  for (const { type } of fields) {
    must(nodes[at]?.length === length, 'has columns of different lengths');
    at += nodeCount(type);
  }
  must(at === nodes.length, 'has batches of other columns than its schema');
}

/** Nodes of a column: its own, and those of the columns within it. */
function nodeCount(type: DataType): number {
  if (DataType.isDictionary(type)) return 1;
  return (type.children ?? []).reduce((sum, child) => sum + nodeCount(child.type), 1);
}

async function readAt({ file, size }: ArrowBytes, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  must(bytesRead === length, `was ${size} bytes long and is shorter now`);
  return buffer;
}

function must(holds: boolean, fault: string): asserts holds {
  if (!holds) damaged(fault);
}

function damaged(fault: string): never {
  throw new Error(`it ${fault}`);
}
