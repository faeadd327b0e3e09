import type { Design } from '../../design/design.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import type { RelativeFactors } from '../relativeFactor.ts';
import type { ThetaEstimate } from '../search/estimateTheta.ts';

/** A deviance that changes by less than this over one unit of a search coordinate, an sd or a log sd, says nothing. */
const FLAT = 1e-6;

/**
 * The directions in which a criterion is flat at its minimum, by the eigenvectors of its Hessian: only a combination of
 * the parameters named is known there. Blocks of less than full rank and correlations at the `ends` of their range,
 * where a criterion may be as flat as it likes, are left out.
 */
export function flatParameters(
  design: Design,
  { minimum, ranks }: ThetaEstimate,
  covariances: RelativeFactors,
  ends: readonly string[],
): { readonly parameters: readonly string[] }[] {
  const names = [
    ...covarianceNames(covariances, ranks),
    ...residualNames(design, minimum.x.length - covariances.size).map((name) => (ends.includes(name) ? null : name)),
  ];
  const d = names.length;
  const { values, vectors } = symmetricEigen(minimum.hessian, d);
  return Array.from(values).flatMap((value, k) => {
    if (!(Math.abs(value) < FLAT)) return [];
    const along = names.filter((_, i) => Math.abs(vectors[i * d + k]!) > 0.1);
    const parameters = [...new Set(along.filter((name) => name !== null))];
    return parameters.length === 0 || along.includes(null) ? [] : [{ parameters }];
  });
}

/** The parameter of each search coordinate of the relative factors; null in a block of less than full rank. */
function covarianceNames({ blocks, labels }: RelativeFactors, ranks: readonly number[]): (string | null)[] {
  return blocks.flatMap(({ offset, size }, b) =>
    labels
      .slice(offset, offset + (size * (size + 1)) / 2)
      .map((label) => (ranks[b]! < size ? null : `${label.includes(',') ? 'corr' : 'tau'}_${label}`)),
  );
}

/** The parameter of each coordinate of the residuals, or what it moves most. */
function residualNames({ residual }: Design, count: number): string[] {
  const deltas = (residual?.sigma?.labels ?? []).map((label) => `delta[${label}]`);
  const groups = residual?.groups;
  const own = count - deltas.length;
  if (groups?.structure === 'unstructured') {
    const { occasions } = groups;
    const rows = occasions
      .slice(1)
      .flatMap((later, a) => [
        ...occasions.slice(0, a + 1).map((earlier) => `rho[${earlier},${later}]`),
        `sigma[${later}]`,
      ]);
    return [...rows, ...deltas];
  }
  const single = groups?.structure === 'cs' ? 'rho' : 'phi';
  const names = Array.from({ length: own }, (_, k) => (groups?.structure === 'toeplitz' ? `rho[${k + 1}]` : single));
  return [...names, ...deltas];
}
