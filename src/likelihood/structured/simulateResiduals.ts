import type { Design } from '../../design/design.ts';
import { rowsInOrder } from '../../design/rowsInOrder.ts';
import { cholesky, multiplyLower } from '../../linalg/cholesky.ts';
import type { Rng } from '../../random/rng.ts';
import { writeCovariance } from '../../residual/correlation.ts';
import { type ResidualModel, type ResidualPlace, residualModel } from '../../residual/residualModel.ts';

/** Residuals of every row drawn at parameters of them, length n; `model` is that of the design. */
export function simulateResiduals(
  design: Design,
  { unit, coordinates }: ResidualPlace,
  rng: Rng,
  model: ResidualModel = residualModel(design),
): Float64Array {
  const { n, residual, response } = design;
  model.at(coordinates);
  const e = new Float64Array(n);
  const groups = residual?.groups;
  if (groups) {
    for (const rows of rowsInOrder(groups.index, groups.occasion, groups.J)) {
      const positions = Float64Array.from(rows, (row) => groups.positions[groups.occasion[row]!]!);
      const drawn = groupResiduals(groups.structure, positions, model, rng);
      rows.forEach((row, k) => {
        e[row] = drawn[k]!;
      });
    }
  } else for (let i = 0; i < n; i++) e[i] = rng.normal();
  return e.map((value, i) => {
    return (value * unit * model.rowSd(i)) / Math.sqrt(response.weights?.[i] ?? 1);
  });
}

/** Standard residuals of one group: along the chain, about their common mean, or by the factor of their covariance. */
function groupResiduals(structure: string, positions: Float64Array, model: ResidualModel, rng: Rng): Float64Array {
  const { correlation } = model;
  const { between } = correlation;
  const k = positions.length;
  const z = Float64Array.from(positions, () => rng.normal());
  if (structure === 'ar1' || structure === 'car1') {
    for (let t = 1; t < k; t++) {
      const rho = between(positions[t]!, positions[t - 1]!);
      z[t] = rho * z[t - 1]! + Math.sqrt((1 - rho) * (1 + rho)) * z[t]!;
    }
    return z;
  }
  if (structure === 'cs') {
    const rho = k > 1 ? between(0, 0) : 0;
    const mean = z.reduce((sum, value) => sum + value, 0) / k;
    const whole = Math.sqrt(1 + (k - 1) * rho);
    return z.map((value) => Math.sqrt(1 - rho) * (value - mean) + whole * mean);
  }
  const L = new Float64Array(k * k);
  writeCovariance(positions, correlation, L);
  cholesky(L, k);
  multiplyLower(L, k, z);
  return z;
}
