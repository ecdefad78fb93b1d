import type { EvaluationProgram, TrainingProgram } from './program.js';

/**
 * What an open session takes: so much, and so much for each node. From the resident memory that closing sessions gave back, of the
 * benchmark's perceptron, CNN and GRU (12 each, plain: 1.9, 1.6 and 3.2 MB; compiled: 7 MB, and 61 MB for a GRU of some 3,600 nodes).
 */
const plain = { session: 1.5e6, node: 8e3 };
const compiled = { session: 5e6, node: 16e3 };

/** An estimate of the bytes that a program takes while it is open, with the buffers that it is fed from. */
export function programBytes({ spec, nodeCount, capacity, batchSize }: TrainingProgram | EvaluationProgram): number {
  const { session, node } = spec.loop?.compile ? compiled : plain;
  const bytesPerRow = 8;
  return session + node * nodeCount + bytesPerRow * capacity * batchSize;
}
