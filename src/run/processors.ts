import { isNode, nodeModule } from './nodeModule.ts';

const page = globalThis as { navigator?: { hardwareConcurrency?: number } };

/** How many threads can run at once. */
export async function processors(): Promise<number> {
  if (isNode()) return (await nodeModule('os')).availableParallelism();
  return page.navigator?.hardwareConcurrency ?? 1;
}
