export { type HierarchicalNormalOptions, hierarchicalNormal } from './hierarchicalNormal.ts';
export { type LogitVoterOptions, logitVoter } from './logitVoter.ts';
export { type VaryingSlopesOptions, varyingSlopes } from './varyingSlopes.ts';
