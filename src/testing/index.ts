/** Contract suites for one's own samplers: checks that run in any test runner. */
export { ContractBroken, type ContractCheck } from './contract.js';
export { type SamplerContractOptions, samplerContract } from './sampler-contract.js';
