/** Samplers propose the hyperparameters of new trials. */
export { type BohbOptions, bohbSampler } from './bohb.js';
export { type CmaEsOptions, cmaEsSampler } from './cma-es.js';
export { confidenceBounds } from './gp/confidence.js';
export { type GpOptions, gpSampler } from './gp.js';
export { type GridOptions, gridSampler, gridSize } from './grid.js';
export type { GridPoints } from './grid-axes.js';
export { type LatinHypercubeOptions, latinHypercubeSampler } from './latin-hypercube.js';
export { normalCdf } from './normal.js';
export { type Nsga2Options, nsga2Sampler } from './nsga2.js';
export { dominates, hypervolume, type Losses, nonDominatedSort, paretoFront } from './pareto.js';
export { randomSampler } from './random.js';
export { type RegularisedEvolutionOptions, regularisedEvolutionSampler } from './regularised-evolution.js';
export type { Note, Observation, Proposal, ProposeInput, Report, Sampler } from './sampler.js';
export { sobolSampler } from './sobol.js';
export { type TpeOptions, tpeSampler } from './tpe.js';
