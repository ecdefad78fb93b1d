/** Contract suites for one's own samplers and schedulers: checks that run in any test runner. */
export { ContractBroken, type ContractCheck } from './contract.js';
export { type PopulationContractOptions, populationContract } from './population-contract.js';
export { type SamplerContractOptions, samplerContract } from './sampler-contract.js';
export { type FidelityContractOptions, fidelityContract } from './scheduler-contract.js';
