/** What TensorFlow says when a call of a program fails, in the model author's terms. */
import type { TunerError } from '../errors/index.js';
import { errors } from './errors.js';

/** The program that failed. */
export interface FailedProgram {
  readonly kind: 'training' | 'evaluation';
  /** The model author's lines by node. */
  readonly lines: Readonly<Record<string, string>>;
}

/** `{{node loop/n12_MatMul}}` of an op in a loop, `{{node step/n12_MatMul}}` of one in a step of its own. */
const namedNode = /\{\{node (?:[^}]*\/)?([^/}]+)\}\}/;

/** Names of nodes are made of a number and the op: `n12_MatMul`. */
const opOf = (node: string) => /^n\d+_(\w+)$/.exec(node)?.[1] ?? node;

/** The first line, without what only TensorFlow's own developers can use. */
function firstLine(message: string): string {
  const [line = ''] = message.replace(/^run: /, '').split('\n');
  return line.replaceAll(/\s*(\[\[)?\{\{node [^}]*\}\}(\]\])?/g, '').replace(' compatible with node)', ')');
}

/** GRAPH_COMPILE_FAILED or GRAPH_RUN_FAILED, with the op and the line that it came from; TensorFlow's own error is the cause. */
export function runFailure(error: unknown, { kind, lines }: FailedProgram): TunerError {
  const message = error instanceof Error ? error.message : String(error);
  const node = namedNode.exec(message)?.[1];
  const failure = {
    what: kind === 'training' ? 'training step' : 'evaluation',
    op: node === undefined ? undefined : opOf(node),
    line: node === undefined ? undefined : lines[node],
    message: firstLine(message),
  };
  const isCompiling = /tf2xla conversion failed|when trying to compile graph/.test(message);
  return isCompiling ? errors.GRAPH_COMPILE_FAILED(failure, error) : errors.GRAPH_RUN_FAILED(failure, error);
}
