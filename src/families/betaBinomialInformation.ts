import { logistic } from '../special/logistic.ts';
import { RisingPlace as At, RISING_LENGTH, risingSums } from '../special/risingSums.ts';

const successes = new Float64Array(RISING_LENGTH);
const failures = new Float64Array(RISING_LENGTH);
/** Outcomes less likely than this, relative to the likeliest so far, end the sum. */
const NEGLIGIBLE = 1e-22;

/**
 * The expected information of a beta-binomial row of n trials in its linear predictor, E l'^2 = sum_y p(y) l'(y)^2, and
 * its derivative by eta, sum_y p(y) l'(y) (l'(y)^2 - 2 (-l''(y))), to out[0] and out[1]. There is no closed form: from
 * the outcome nearest to the mean the sum goes by p(y + 1) / p(y) = (n - y)(a + y) / ((y + 1)(b + n - y - 1)) to both
 * sides, with the sums that the score is made of, as far as outcomes have weight. At precision Infinity it is that of
 * the binomial distribution, n mu nu and n mu nu (nu - mu). Allocates nothing.
 */
export function betaBinomialInformation(
  trials: number,
  eta: number,
  _sigma: number,
  out: Float64Array,
  precision = Infinity,
): void {
  const mu = logistic(eta);
  const nu = logistic(-eta);
  out[0] = trials * mu * nu;
  out[1] = out[0]! * (nu - mu);
  // One trial has that of a 0/1 row.
  if (precision === Infinity || trials === 1) return;
  const a = mu * precision;
  const b = nu * precision;
  const middle = Math.round(trials * mu);
  // A density that falls to both sides has an end; one that rises towards 0 or n has none before it.
  const peaked = a >= 1 && b >= 1;
  let [mass, square, slope] = [0, 0, 0];
  for (const direction of [1, -1]) {
    risingSums(middle, a, successes);
    risingSums(trials - middle, b, failures);
    let weight = 1;
    let most = 1;
    for (let y = middle; y >= 0 && y <= trials; y += direction) {
      if (direction === 1 || y !== middle) {
        const score = nu * successes[At.r]! - mu * failures[At.r]!;
        const curvature =
          mu * nu * (successes[At.r2]! + failures[At.r2]!) -
          (nu - mu) * (nu * successes[At.rest]! - mu * failures[At.rest]!);
        mass += weight;
        square += weight * score * score;
        slope += weight * score * (score * score - 2 * curvature);
      }
      most = Math.max(most, weight);
      if (peaked && weight < NEGLIGIBLE * most) break;
      if (direction === 1) {
        if (y < trials) {
          weight *= ((trials - y) / (y + 1)) * ((a + y) / (b + trials - y - 1));
          move(successes, a, y, 1);
          move(failures, b, trials - y - 1, -1);
        }
      } else if (y > 0) {
        weight *= (y / (trials - y + 1)) * ((b + trials - y) / (a + y - 1));
        move(successes, a, y - 1, -1);
        move(failures, b, trials - y, 1);
      }
    }
  }
  out[0] = square / mass;
  out[1] = slope / mass;
}

/** Adds the term of k to the sums, or takes it from them. */
function move(sums: Float64Array, a: number, k: number, sign: number): void {
  const r = a / (a + k);
  sums[At.r] = sums[At.r]! + sign * r;
  sums[At.r2] = sums[At.r2]! + sign * r * r;
  sums[At.rest] = sums[At.rest]! + (sign * r * k) / (a + k);
}
