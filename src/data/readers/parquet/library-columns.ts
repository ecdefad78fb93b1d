import type { AsyncBuffer } from 'hyparquet';
import type { RawColumn } from '../../raw-table.js';
import { lettersOf, type MemoryLimit } from '../memory-limit.js';
import { mergeRawColumns } from '../merge-raw.js';
import type { ReadPool } from '../read-pool.js';
import type { Chunk } from './chunks.js';
import { decodeParquetColumns, type ParquetTask } from './columns.js';

/** Bytes of decoded pages that one task may be: a thread has them in memory twice for a moment. */
const taskBytes = 256 << 20;

export interface LibraryReading {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly limit: MemoryLimit;
  /** Threads to decode with; by default this one does, and all of the file is in memory for it. */
  readonly pool: ReadPool | undefined;
  readonly onRows: ((rows: number) => void) | undefined;
  /** Columns whose integers are texts. */
  readonly texts: readonly string[];
}

/** Reads columns by the library, which knows all of the format, a few columns of a row group at a time. */
export async function readByLibrary(
  columns: ReadonlyMap<string, readonly Chunk[]>,
  reading: LibraryReading,
): Promise<RawColumn[]> {
  const { limit } = reading;
  const pieces = new Map<string, RawColumn[]>([...columns.keys()].map((name) => [name, []]));
  const last = [...columns.keys()].at(-1)!;
  await runTasks(tasksOf(columns, reading), reading, (task, read) => {
    task.columns.forEach((name, i) => {
      const column = read[i]!;
      limit.take(column.kind === 'number' ? column.values.byteLength : column.codes.byteLength);
      if (column.kind === 'text') limit.takeTexts(column.texts.length, lettersOf(column.texts));
      pieces.get(name)!.push(column);
    });
    if (task.columns.includes(last)) reading.onRows?.(task.firstRow + task.rowCount);
  });
  return [...pieces.values()].map(mergeRawColumns);
}

type PlannedTask = ParquetTask & { readonly firstRow: number };

/** One task for a few columns of a row group, so that each is of bounded size and several threads have something to do. */
function tasksOf(
  columns: ReadonlyMap<string, readonly Chunk[]>,
  { path, limit, texts }: Pick<LibraryReading, 'path' | 'limit' | 'texts'>,
): PlannedTask[] {
  const largest = Math.min(taskBytes, limit.limitBytes / 2);
  const groupCount = [...columns.values()][0]!.length;
  return Array.from({ length: groupCount }, (_, rowGroup) => {
    const tasks: { task: PlannedTask; names: string[]; bytes: number }[] = [];
    for (const [name, chunks] of columns) {
      const { plainBytes: bytes, groupBytes, rowCount, firstRow } = chunks[rowGroup]!;
      const previous = tasks.at(-1);
      if (previous !== undefined && previous.bytes + bytes <= Math.min(largest, groupBytes / 4)) {
        previous.names.push(name);
        previous.bytes += bytes;
      } else {
        const names = [name];
        tasks.push({ task: { path, rowGroup, rowCount, firstRow, columns: names, texts }, names, bytes });
      }
    }
    return tasks.map(({ task }) => task);
  }).flat();
}

/** Hands results on in the tasks' order. */
async function runTasks(
  tasks: readonly PlannedTask[],
  { file, pool }: LibraryReading,
  take: (task: PlannedTask, read: RawColumn[]) => void,
): Promise<void> {
  if (pool === undefined) {
    const bytes = new Uint8Array(await file.slice(0, file.byteLength));
    for (const task of byRowGroup(tasks)) take(task, decodeParquetColumns(task, bytes));
    return;
  }
  const reads = tasks.map((task) => pool.readParquet(task));
  // an error of an earlier task comes first, and nobody may be waiting for a later one's
  for (const read of reads) read.catch(() => undefined);
  for (const [i, read] of reads.entries()) take(tasks[i]!, await read);
}

function byRowGroup(tasks: readonly PlannedTask[]): PlannedTask[] {
  const groups = new Map<number, PlannedTask>();
  for (const task of tasks) {
    const columns = [...(groups.get(task.rowGroup)?.columns ?? []), ...task.columns];
    groups.set(task.rowGroup, { ...task, columns });
  }
  return [...groups.values()];
}
