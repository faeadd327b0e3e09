import type { Design } from './design.ts';

/** The response as it is printed and simulated: numbers of levels of an ordered answer count from 1. */
export function printedResponse({ response: { y, levels } }: Pick<Design, 'response'>): Float64Array {
  return levels ? y.map((level) => level + 1) : y;
}
