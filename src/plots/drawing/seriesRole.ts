import type { Role } from './picture.ts';

const ROLES: readonly Role[] = ['chain1', 'chain2', 'chain3', 'chain4'];

/** The role of the i-th of several series, chains above all; there are four, and the fifth looks as the first. */
export function seriesRole(i: number): Role {
  return ROLES[i % ROLES.length]!;
}
