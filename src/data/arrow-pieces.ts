import { AsyncByteQueue, type RecordBatch, RecordBatchFileWriter } from 'apache-arrow';

/**
 * The bytes of an Arrow IPC file, in pieces that may be views on the batches' memory. A batch is asked for when all pieces of the one before
 * it were taken: the library's own way puts the whole file into a queue first.
 */
export function* arrowFilePieces(batches: Iterable<RecordBatch>): Generator<Uint8Array> {
  const queue = new Pieces();
  const writer = new RecordBatchFileWriter();
  writer.reset(queue);
  for (const batch of batches) {
    writer.write(batch);
    yield* queue.take();
  }
  writer.finish();
  yield* queue.take();
}

/** Keeps what is written until it is taken. */
class Pieces extends AsyncByteQueue {
  #pieces: Uint8Array[] = [];

  override write(value: ArrayBufferView): void {
    if (value.byteLength > 0) this.#pieces.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  take(): Uint8Array[] {
    const taken = this.#pieces;
    this.#pieces = [];
    return taken;
  }
}
