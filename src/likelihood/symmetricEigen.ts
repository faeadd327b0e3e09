import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** Eigenvalues (ascending) and eigenvectors (columns of a d x d row-major array) of a symmetric d x d matrix. */
export function symmetricEigen(A: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  if (d === 1) return { values: Float64Array.of(A[0]!), vectors: Float64Array.of(1) };
  const decomposition = new EigenvalueDecomposition(Matrix.from1DArray(d, d, A), { assumeSymmetric: true });
  return {
    values: Float64Array.from(decomposition.realEigenvalues),
    vectors: Float64Array.from(decomposition.eigenvectorMatrix.to1DArray()),
  };
}
