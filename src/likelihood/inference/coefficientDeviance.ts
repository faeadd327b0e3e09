import { scaleBy } from '../../products/relativePrecision.ts';
import type { ProfiledDeviance } from '../gaussian/profiledDeviance.ts';
import type { Objective } from '../search/optimize.ts';
import type { ConstrainedDeviance } from './constrainedDeviance.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';

/** The constrained deviance of one coefficient of the population part, and where it is lowest. */
export interface CoefficientDeviance {
  /** The maximum likelihood estimate of the coefficient, and its standard error there. */
  readonly estimate: number;
  readonly standardError: number;
  /** The constrained deviance, whose first search begins at the optimum. */
  fromOptimum(): ConstrainedDeviance;
}

/**
 * The deviance with coefficient c of the population part held at b, by maximum likelihood: at given relative factors
 * the penalised sum of squares with beta_c = b is r2 + (b - beta^_c)^2 / v, v the diagonal entry of (X'V^-1 X)^-1 at
 * sigma = 1, so that
 *
 *   D(theta, b) = D(theta) + n log(1 + (b - beta^_c)^2 / (v r2)),
 *
 * or + (b - beta^_c)^2 / v where the standard errors are known; theta is then at its best for b. Its derivative is that
 * of the same system at the constrained solution, which lies from the free one along M^-1 e_c. `profiled` has to be of
 * ML: X differs between what is held and what is free, and REML criteria of different X cannot be compared. `optimum`
 * is where it is lowest, in search coordinates.
 */
export function coefficientDeviance(profiled: ProfiledDeviance, c: number, optimum: Float64Array): CoefficientDeviance {
  const { system, factors, divisor } = profiled;
  const { crossProducts: products, factorisation } = system;
  const { size, knownScale, coordinates } = products;
  const { T, k: p } = coordinates.beta;
  const first = size - p;
  const direction = new Float64Array(size);
  const right = new Float64Array(size);
  const solution = new Float64Array(size);
  const score = new Float64Array(size);
  const user = new Float64Array(size);
  for (let k = c; k < p; k++) right[first + k] = T[c * p + k]!;

  /** At the last evaluation: the estimate of the coefficient and v; `direction` is M^-1 e_c. */
  const along = (): { estimate: number; v: number } => {
    factorisation.project(right, direction);
    factorisation.solve(direction);
    let v = 0;
    for (let k = c; k < p; k++) v += T[c * p + k]! * direction[first + k]!;
    return { estimate: profiled.coefficients().beta[c]!, v };
  };

  const held = (x: Float64Array, gradient: Float64Array, value: number): number => {
    const free = profiled.at(factors.fromSearch(x));
    if (!Number.isFinite(free)) return free;
    const { estimate, v } = along();
    const { r2 } = system;
    const squares = r2 + (value - estimate) ** 2 / v;
    const step = (value - estimate) / v;
    scaleBy(products, system.lambda, direction, user);
    factorisation.multiply(user, score);
    for (let i = 0; i < size; i++) {
      solution[i] = system.solution[i]! + step * direction[i]!;
      score[i] = system.score[i]! - step * score[i]!;
    }
    const weight = knownScale ? 1 : divisor / squares;
    const derivative = factorisation.derivative({ solution, score }, false, weight);
    factors.gradient(x, derivative, gradient);
    return knownScale ? free + squares - r2 : free + divisor * Math.log(squares / r2);
  };

  const diagonal = diagonalPlaces(factors.blocks);
  profiled.at(factors.fromSearch(optimum));
  const { estimate, v } = along();
  return {
    estimate,
    standardError: Math.sqrt(profiled.sigma2() * v),
    fromOptimum() {
      let last = optimum;
      return {
        at(value) {
          const objective: Objective = (x, gradient) => held(x, gradient, value);
          const found = lowestFrom(objective, last, diagonal, profiled.unit, { tolerance: 1e-8 });
          if (Number.isFinite(found.value)) last = found.x;
          return found.value;
        },
      };
    },
  };
}
