import { defineErrors } from '../errors/index.js';

export const errors = defineErrors({
  RANDOM_BAD_SEED: {
    kind: 'input',
    message: ({ seed }: { seed: unknown }) => `A seed must be an integer from 0 to 2^53 - 1, not ${String(seed)}.`,
    todo: 'Choose a seed in that range, such as 7.',
  },
  RANDOM_BAD_PATH: {
    kind: 'input',
    message: ({ part }: { part: unknown }) =>
      `A part of a random stream's path must be a string or an integer from 0 to 2^53 - 1, not ${String(part)}.`,
    todo: 'Address the stream by names and counts, such as foldIn(key, "trial", 3).',
  },
  RANDOM_BAD_COUNT: {
    kind: 'input',
    message: ({ count }: { count: unknown }) =>
      `The number of random words must be an integer from 0 to 2^32 - 1, not ${String(count)}.`,
    todo: 'Ask for fewer words, or split them over several keys.',
  },
  RANDOM_BAD_RANGE: {
    kind: 'input',
    message: ({ low, high }: { low: unknown; high: unknown }) =>
      `A range of random integers needs integers low < high with high - low <= 2^53 - 1, not low ${String(low)} and high ${String(high)}.`,
    todo: 'Give bounds that leave at least one integer; high is excluded.',
  },
  RANDOM_NOTHING_TO_PICK: {
    kind: 'input',
    message: () => 'There must be at least one item to pick from, but there are none.',
    todo: 'Check that the list is not empty before picking.',
  },
  RANDOM_BAD_LENGTH: {
    kind: 'input',
    message: ({ length }: { length: unknown }) =>
      `The length of a permutation must be an integer from 0 to 2^53 - 1, not ${String(length)}.`,
    todo: 'Give the number of things that are permuted.',
  },
  RANDOM_BAD_POSITION: {
    kind: 'input',
    message: ({ position, length }: { position: unknown; length: number }) =>
      `A position in a permutation of ${length} must be an integer from 0, below ${length}, not ${String(position)}.`,
    todo: 'Ask for positions below the length only; reduce an endless position modulo the length first.',
  },
});
