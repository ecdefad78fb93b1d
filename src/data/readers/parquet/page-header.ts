import { readThrift, type ThriftStruct, type ThriftValue } from './thrift.js';

/** Of `PageType` in parquet.thrift. */
export const pageType = { data: 0, index: 1, dictionary: 2, dataV2: 3 } as const;

/** Of `Encoding` in parquet.thrift: those that are decoded here. */
export const encoding = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 } as const;

/** What stands before a page; sizes in bytes, none below zero. */
export interface PageHeader {
  readonly type: number;
  /** With levels, once it is decompressed. */
  readonly uncompressedBytes: number;
  /** In the file. */
  readonly compressedBytes: number;
  /** Nulls included. */
  readonly valueCount: number;
  readonly encoding: number;
  /** Of a page of version 2: its levels, which are not compressed, and whether the values are. */
  readonly v2: { readonly definitionBytes: number; readonly repetitionBytes: number; readonly isCompressed: boolean };
}

/**
 * The page header that starts at `at`, and where it ends.
 *
 * @throws ThriftCutOff if it does not end, Error if it is damaged
 */
export function readPageHeader(bytes: Uint8Array, at: number): { header: PageHeader; end: number } {
  const { value, end } = readThrift(bytes, at);
  const type = count(value.get(1));
  const dataV2 = structOf(value.get(8));
  const page = structOf(value.get(type === pageType.data ? 5 : type === pageType.dictionary ? 7 : 8));
  const header = {
    type,
    uncompressedBytes: count(value.get(2)),
    compressedBytes: count(value.get(3)),
    valueCount: count(page.get(1) ?? 0),
    encoding: count(page.get(type === pageType.dataV2 ? 4 : 2) ?? encoding.plain),
    v2: {
      definitionBytes: count(dataV2.get(5) ?? 0),
      repetitionBytes: count(dataV2.get(6) ?? 0),
      isCompressed: dataV2.get(7) !== false,
    },
  };
  return { header, end };
}

function structOf(value: ThriftValue | undefined): ThriftStruct {
  return value instanceof Map ? value : new Map();
}

/** An integer of 0 to 2^31 - 1. */
function count(value: ThriftValue | undefined): number {
  if (typeof value !== 'number' || !(value >= 0 && value < 2 ** 31)) throw new Error('a page has a damaged header');
  return value;
}
