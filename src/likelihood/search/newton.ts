import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { finite, type Minimum, newtonStep, type Objective, positiveInverse } from './optimize.ts';

/** Stop when a step predicts a decrease below this: within 1e-4 of a standard error. */
const TOLERANCE = 1e-8;

const ITERATIONS = 60;

/** A step is shortened so often before the search gives up. */
const SHORTER = 12;

/**
 * Local minimum by Newton's steps with an approximate Hessian that costs next to nothing beside a value: `curvature` of
 * the point of the objective's last call. What it lacks is made good by one symmetric rank-one correction, by which it
 * agrees with the last change of the gradient (Nocedal & Wright 2006, equation 6.24). A step that does not lower the
 * value is shortened.
 */
export function newton(
  objective: Objective,
  curvature: (x: ArrayLike<number>) => Float64Array,
  start: ArrayLike<number>,
): Minimum {
  const d = start.length;
  let evaluations = 0;
  const call = finite(objective, () => {
    evaluations++;
  });
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(d);
  let value = call(x, gradient);
  let hessian: Float64Array = new Float64Array(d * d);
  if (d === 0 || value === Number.POSITIVE_INFINITY) {
    return { x, value, gradient, hessian, evaluations, expectedDecrease: 0 };
  }
  hessian = curvature(x);
  const step = new Float64Array(d);
  let expectedDecrease = newtonStep(positiveInverse(hessian, d), gradient, step);
  for (let iteration = 0; iteration < ITERATIONS && expectedDecrease > TOLERANCE; iteration++) {
    let longest = 0;
    let reach = 1;
    for (let i = 0; i < d; i++) {
      longest = Math.max(longest, Math.abs(step[i]!));
      reach = Math.max(reach, Math.abs(x[i]!));
    }
    let length = -Math.min(1, reach / longest);
    let next = x;
    let slope = gradient;
    let height = value;
    let lower = false;
    for (let trial = 0; trial < SHORTER && !lower; trial++, length /= 3) {
      const along = length;
      next = x.map((entry, i) => entry + along * step[i]!);
      slope = new Float64Array(d);
      height = call(next, slope);
      // Where the value has run out of digits a step that makes the gradient smaller counts as well.
      lower = height < value || (height <= value + 1e-12 * Math.abs(value) && squares(slope) < squares(gradient));
    }
    if (!lower) break;
    hessian = corrected(curvature(next), next, x, slope, gradient);
    x = next;
    value = height;
    gradient = slope;
    expectedDecrease = newtonStep(positiveInverse(hessian, d), gradient, step);
  }
  return { x, value, gradient, hessian, evaluations, expectedDecrease };
}

/** The Hessian corrected to send the last step to the change of the gradient; as it is where that is not convex. */
function corrected(
  hessian: Float64Array,
  to: Float64Array,
  from: Float64Array,
  after: Float64Array,
  before: Float64Array,
): Float64Array {
  const d = to.length;
  const s = to.map((entry, i) => entry - from[i]!);
  const lacking = after.map((entry, i) => {
    let image = 0;
    for (let k = 0; k < d; k++) image += hessian[i * d + k]! * s[k]!;
    return entry - before[i]! - image;
  });
  let along = 0;
  for (let i = 0; i < d; i++) along += lacking[i]! * s[i]!;
  if (!(Math.abs(along) > 1e-4 * Math.sqrt(squares(s) * squares(lacking)))) return hessian;
  const out = hessian.map((entry, k) => entry + (lacking[Math.floor(k / d)]! * lacking[k % d]!) / along);
  return symmetricEigen(out, d).values[0]! > 0 ? out : hessian;
}

function squares(x: Float64Array): number {
  return x.reduce((sum, entry) => sum + entry * entry, 0);
}
