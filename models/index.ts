export { type HierarchicalNormalOptions, hierarchicalNormal } from './hierarchicalNormal.ts';
export { type VaryingSlopesOptions, varyingSlopes } from './varyingSlopes.ts';
