import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet';
import type { MemoryLimit } from '../memory-limit.js';

/** A column within a row group, as the footer describes it; checked to be possible. */
export interface Chunk {
  readonly rowGroup: number;
  readonly rowCount: number;
  /** In the file, from 0. */
  readonly firstRow: number;
  readonly codec: ColumnMetaData['codec'];
  /** Where its pages lie in the file; the end is not included. */
  readonly start: number;
  readonly end: number;
  /** Bytes of its pages, once they are decompressed. */
  readonly plainBytes: number;
  /** Of all columns of its row group. */
  readonly groupBytes: number;
  /** Whether its pages are in this file. */
  readonly isHere: boolean;
}

/**
 * The chunks of each column, by its name, in the order of the rows.
 *
 * @throws Error if the footer contradicts itself or the file, DATA_MEMORY_LIMIT
 */
export function chunksOf(
  { row_groups }: FileMetaData,
  columns: readonly string[],
  fileBytes: number,
  limit: MemoryLimit,
): ReadonlyMap<string, readonly Chunk[]> {
  const chunks = new Map<string, Chunk[]>(columns.map((name) => [name, []]));
  let firstRow = 0;
  let total = 0;
  row_groups.forEach((group, rowGroup) => {
    const rowCount = Number(group.num_rows);
    const byName = new Map(group.columns.map((chunk) => [chunk.meta_data?.path_in_schema[0], chunk]));
    for (const [name, collected] of chunks) {
      const described = byName.get(name);
      if (described?.meta_data === undefined) throw new Error(`row group ${rowGroup + 1} lacks the column "${name}"`);
      const sizes = sizesOf(name, described.meta_data, rowCount, fileBytes);
      if (sizes.plainBytes > limit.limitBytes) limit.take(sizes.plainBytes);
      total += sizes.end - sizes.start;
      const isHere = described.file_path === undefined && sizes.end <= fileBytes;
      const { codec } = described.meta_data;
      collected.push({ rowGroup, rowCount, firstRow, codec, ...sizes, groupBytes: bytesOf(group), isHere });
    }
    firstRow += rowCount;
  });
  // pages that are there once would be read many times
  if (total > fileBytes) throw new Error('its footer names columns that are larger than the file');
  return chunks;
}

function bytesOf(group: RowGroup): number {
  return Number(group.total_byte_size);
}

function sizesOf(name: string, meta: ColumnMetaData, rowCount: number, fileBytes: number) {
  const plainBytes = Number(meta.total_uncompressed_size);
  const bytes = Number(meta.total_compressed_size);
  const data = Number(meta.data_page_offset);
  const dictionary = Number(meta.dictionary_page_offset ?? 0);
  // some writers say 0 where there is none
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  const isPossible = plainBytes >= 0 && bytes >= 0 && bytes <= fileBytes && start >= 0;
  if (!isPossible || Number(meta.num_values) !== rowCount) {
    throw new Error(`column "${name}" is described by sizes that it cannot have`);
  }
  return { plainBytes, start, end: start + bytes };
}
