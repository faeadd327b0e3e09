import { isNode, nodeModule } from './nodeModule.ts';

const host = globalThis as {
  readonly process?: { constrainedMemory?(): number };
  readonly navigator?: { readonly deviceMemory?: number };
};

/**
 * The part of the machine's memory that draws may take, unless told otherwise: the rest is for the model, for copies
 * and for other programs.
 */
const SHARE = 0.5;

/** Of a page, which the engine gives a few GB at most. */
const PAGE = 2e9;

/**
 * The bytes that draws may take: half of what the process may have (what a container allows, or the machine has); in a
 * page 2 GB, a quarter of the device's memory where that is known to be less.
 */
export async function memoryLimit(): Promise<number> {
  if (!isNode()) return Math.min(PAGE, (1e9 * (host.navigator?.deviceMemory ?? 8)) / 4);
  const machine = (await nodeModule('os')).totalmem();
  const allowed = host.process?.constrainedMemory?.() ?? 0;
  return SHARE * (allowed > 0 ? Math.min(allowed, machine) : machine);
}
