import type { Design, GroupTerm } from '../../design/design.ts';
import type { RelativeFactors, SearchBlock } from '../relativeFactor.ts';

/** Two directions that differ by less are one. */
const SAME = 1e-9;

/**
 * For each block the directions (search coordinates, length 1) in which coefficients 0 and k can vary together so that
 * some group does not vary at all: orthogonal to (z_0, z_k) of a group whose rows agree in both. Such a group has the
 * variance of its residuals alone there and nowhere else: where sds are t times sigma the criterion may have a minimum
 * of width 1 / t in the angle, which no search from elsewhere is likely to meet.
 */
export function vanishingDirections(design: Design, { blocks }: RelativeFactors): Float64Array[][] {
  return blocks.map((block) => {
    const term = design.groupTerms[block.factor]!;
    const found: Float64Array[] = [];
    for (let k = 1; k < block.size; k++) found.push(...inPlane(term, block, k));
    return found;
  });
}

/** Those of coefficients 0 and k. */
function inPlane({ Z, q, J, index }: GroupTerm, { start, size, basis }: SearchBlock, k: number): Float64Array[] {
  // Columns of Z in search coordinates: z = B'Z_i.
  const along = (i: number, b: number): number => {
    let sum = 0;
    for (let a = 0; a < size; a++) sum += basis[a * size + b]! * Z[i * q + start + a]!;
    return sum;
  };
  const angles = new Float64Array(J).fill(Number.NaN);
  const varies = new Uint8Array(J);
  index.forEach((j, i) => {
    const angle = Math.atan2(along(i, k), along(i, 0));
    if (Number.isNaN(angles[j]!)) angles[j] = angle;
    else if (Math.abs(Math.sin(angle - angles[j]!)) > SAME) varies[j] = 1;
  });
  const turned = Array.from(angles, (angle) => (angle < 0 ? angle + Math.PI : angle))
    .filter((angle, j) => varies[j] === 0 && Number.isFinite(angle))
    .sort((a, b) => a - b);
  return turned
    .filter((angle, i) => i === 0 || angle - turned[i - 1]! > SAME)
    .map((angle) => {
      const direction = new Float64Array(size);
      direction[0] = -Math.sin(angle);
      direction[k] = Math.cos(angle);
      return direction;
    });
}
