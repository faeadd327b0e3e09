import type { StructureName } from './node.ts';

/** The name of the one correlation of a structure; null where there are several. */
export function correlationName(structure: StructureName): 'phi' | 'rho' | null {
  switch (structure) {
    case 'ar1':
    case 'car1':
      return 'phi';
    case 'cs':
      return 'rho';
    case 'toeplitz':
    case 'unstructured':
      return null;
  }
}
