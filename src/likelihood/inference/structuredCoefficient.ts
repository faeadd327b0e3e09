import { multiplyArrow, solveArrow } from '../../linalg/arrowCholesky.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { covarianceDerivative } from '../gaussian/covarianceDerivative.ts';
import type { Objective } from '../search/optimize.ts';
import { setDerivative } from '../structured/setDerivative.ts';
import type { StructuredDeviance } from '../structured/structuredDeviance.ts';
import { structuredCoefficients } from '../structured/structuredSystem.ts';
import type { CoefficientDeviance } from './coefficientDeviance.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';

/**
 * `coefficientDeviance` of rows whose residuals are not independent with one sigma: with beta_c held at b the penalised
 * sum of squares is r2 + (b - beta^_c)^2 / v, and the derivatives by covariances and coordinates of the residuals are
 * those of the same system at the constrained solution, which lies from the free one along M^-1 e_c.
 */
export function structuredCoefficient(
  criterion: StructuredDeviance,
  c: number,
  optimum: Float64Array,
): CoefficientDeviance {
  const { system, products, factors, covariances, divisor } = criterion;
  const { size, coordinates, model, sets, pattern } = products;
  const { T, k: p } = coordinates.beta;
  const first = size - p;
  const upTo = pattern.r - p;
  const direction = new Float64Array(size);
  const solution = new Float64Array(size);
  const score = new Float64Array(size);
  const user = new Float64Array(size);
  const byCoefficient = new Float64Array(sets.count);
  const byResidual = new Float64Array(model.size);

  /** At the last evaluation: the estimate of the coefficient and v; `direction` is M^-1 e_c. */
  const along = (): { estimate: number; v: number } => {
    direction.fill(0);
    for (let k = c; k < p; k++) direction[first + k] = T[c * p + k]!;
    solveArrow(system.factor, direction);
    let v = 0;
    for (let k = c; k < p; k++) v += T[c * p + k]! * direction[first + k]!;
    return { estimate: structuredCoefficients(system).beta[c]!, v };
  };

  const held = (x: Float64Array, gradient: Float64Array, value: number): number => {
    const free = criterion.at(factors.fromSearch(x));
    if (!Number.isFinite(free)) return free;
    const { estimate, v } = along();
    const squares = system.r2 + (value - estimate) ** 2 / v;
    const step = (value - estimate) / v;
    scaleBy(products, system.lambda, direction, user);
    multiplyArrow(products.A, user, score);
    for (let i = 0; i < size; i++) {
      solution[i] = system.solution[i]! + step * direction[i]!;
      score[i] = system.score[i]! - step * score[i]!;
    }
    const weight = divisor / squares;
    const constrained = { ...system, solution, score };
    covariances.gradient(x, covarianceDerivative(constrained, upTo, weight), gradient);
    setDerivative(products, constrained, upTo, weight, byCoefficient);
    model.gradient(byCoefficient, byResidual);
    gradient.set(byResidual, covariances.size);
    return free + divisor * Math.log(squares / system.r2);
  };

  const diagonal = diagonalPlaces(covariances.blocks);
  criterion.at(factors.fromSearch(optimum));
  const { estimate, v } = along();
  return {
    estimate,
    standardError: Math.sqrt(criterion.sigma2() * v),
    fromOptimum() {
      let last = optimum;
      return {
        at(value) {
          const objective: Objective = (x, gradient) => held(x, gradient, value);
          const found = lowestFrom(objective, last, diagonal, criterion.unit, { tolerance: 1e-8 });
          if (Number.isFinite(found.value)) last = Float64Array.from(found.x);
          return found.value;
        },
      };
    },
  };
}
