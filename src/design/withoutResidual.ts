import type { Design } from './design.ts';

/** The same design with independent residuals of one sigma. */
export function withoutResidual(design: Design): Design {
  const { residual: _, ...plain } = design;
  return plain;
}
