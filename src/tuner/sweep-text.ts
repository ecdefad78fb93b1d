/** The text of a sweep file, with the places of what is in it. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { errors } from './errors.js';
import type { Path } from './sweep-problem.js';

/** Lines and columns are counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a text says. */
interface WrittenSweep {
  readonly value: unknown;
  /** Where a path of keys is written, or what is nearest above it. */
  readonly locate: (path: Path) => Place | undefined;
}

/**
 * Reads YAML, and JSON as the YAML that it also is, for the sake of positions.
 *
 * @param language for messages
 * @throws TUNER_SWEEP_SYNTAX
 */
export function parseText(path: string, language: string, text: string): WrittenSweep {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  // what is a warning to YAML (a tag that nothing is known of) changes the value's meaning
  const problems = [...document.errors, ...document.warnings, ...keyProblems(document)];
  if (problems.length > 0) {
    const described = problems.map(({ pos: [offset], message }) => {
      const { line, column } = placeOf(offset);
      return `line ${line}, column ${column}: ${message}`;
    });
    throw errors.TUNER_SWEEP_SYNTAX({ path, language, problems: described });
  }
  const locate = (keys: Path) => {
    const offset = offsetOf(document, keys);
    return offset === undefined ? undefined : placeOf(offset);
  };
  return { value: toValue(document, path, language), locate };
}

/** YAML's keys may be lists and mappings; those of a sweep are names. */
function keyProblems(document: Document): { readonly pos: readonly [number]; readonly message: string }[] {
  const problems: { pos: readonly [number]; message: string }[] = [];
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) || isAlias(key)) return;
      problems.push({ pos: [startOf(key) ?? 0], message: 'A key must be a name, not a list or a mapping' });
    },
  });
  return problems;
}

function toValue(document: Document, path: string, language: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // too many aliases: a document that grows beyond all bounds
    const message = error instanceof Error ? error.message : String(error);
    throw errors.TUNER_SWEEP_SYNTAX({ path, language, problems: [message] }, error);
  }
}

/** Where the last key of the path that is there begins. */
function offsetOf(document: Document, path: Path): number | undefined {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    const value: Node | undefined = isAlias(node) ? node.resolve(document) : isNode(node) ? node : undefined;
    if (isMap(value)) {
      const pair = value.items.find(({ key: one }) => String(isScalar(one) ? one.value : one) === String(key));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(value)) {
      node = value.items[Number(key)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
