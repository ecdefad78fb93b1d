/** The work that every system does: one entry a model. Exported to the peers as it is. */
export const cases = {
  mlp: { title: 'MLP 784-128-10, batch 64', batchSize: 64, learningRate: 0.05, momentum: 0.9 },
  // Small steps: max pooling's near ties turn differences in the last bits into others of percents in a few gradients.
  cnn: { title: 'CNN with batch norm, batch 32', batchSize: 32, learningRate: 0.0005, momentum: 0.9 },
  gru: { title: 'GRU of 32 units, 28 steps, batch 32', batchSize: 32, learningRate: 0.2, momentum: 0.9 },
};

/** Steps whose losses are compared between systems before anything is timed. */
export const checkedSteps = 10;
/** The most that one of those losses may differ from tfjs-tuner's. */
export const lossTolerance = 1e-3;

/** Members of a population, and steps of each between two decisions. */
export const population = {
  members: 8,
  stepsPerSegment: { mlp: 125, cnn: 50 },
};
