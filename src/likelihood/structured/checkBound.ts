import type { Design, StructuredGroups } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import type { StructuredDeviance } from './structuredDeviance.ts';

/** 1 less a correlation at the first place of a way to its end; at the others it is 1 / 4 and 1 / 16 of that. */
const NEAR = 2 ** -16;

/** Logarithm of the first ratio of sds; its square leaves the rows with the smaller weights their digits. */
const FAR = 8;

/** Falls without end go by at least log 4 = 1.39 a step; what levels off, by next to 0. */
const ENDLESS = 1;

/** What is left of an sd, given the occasions before it, that is on its way to 0. */
const SMALL = 0.02;

/** Coordinates of correlations that leave the criterion its digits. */
const CLEAR = 2.5;

/** Logarithm of a ratio of sds that is no way to an end of its own. */
const MODERATE = 5;

/** A way to an end of the range of the residuals' parameters: coordinates at three places, each four times nearer. */
interface Way {
  readonly places: readonly Float64Array[];
  /** What goes where, and what to leave out, as in `the criterion keeps improving as ...; ...`. */
  readonly sentence: string;
}

/**
 * Throws a ModelError `residual-scale` where the likelihood has no bound: where the covariance of the residuals becomes
 * singular (a correlation at its end, sds that are nothing beside others) and the columns fit what varies no more, the
 * deviance falls as m log(1 - rho^2) or m log sigma_c^2, m the number of the contrasts that are fitted. It is followed
 * from where the search ended (the last of `lambdas` are the coordinates), which may be a minimum nearer by, with the
 * covariances of the groups as they are there beside the largest residual sd, and without them.
 */
export function checkBound(design: Design, profiled: StructuredDeviance, lambdas: readonly Float64Array[]): void {
  const { response } = design;
  const { model } = profiled.products;
  const coordinates = lambdas.at(-1)!;
  const own = lambdas.slice(0, -1);
  const before = model.logSds(coordinates).most;
  const height = (place: Float64Array, grouped: boolean): number => {
    const by = grouped ? Math.exp(model.logSds(place).most - before) : 0;
    return profiled.at([...own.map((lambda) => lambda.map((entry) => entry * by)), place]);
  };
  const endless = ({ places }: Way, grouped: boolean): boolean => {
    const [first, second] = [height(places[0]!, grouped), height(places[1]!, grouped)];
    return first - second > ENDLESS && second - height(places[2]!, grouped) > ENDLESS;
  };
  const found = ways(design, profiled, coordinates).find(
    (way) => endless(way, true) || (own.length > 0 && endless(way, false)),
  );
  if (found === undefined) return;
  throw new ModelError(
    'residual-scale',
    response.label,
    `the ${profiled.method} criterion of ${response.label} keeps improving as ${found.sentence}`,
  );
}

function ways({ residual }: Design, profiled: StructuredDeviance, x: Float64Array): Way[] {
  const { method, products } = profiled;
  const labels = residual?.sigma?.labels ?? [];
  const own = x.length - labels.length;
  const fits = `the model fits these rows to working precision, and no ${method} estimate exists`;
  // Where several go to their ends together nothing is left of digits: the others are put short of theirs, sds equal.
  const bounded = residual?.groups?.structure !== 'unstructured';
  const apart = x.map((value, k) => (k >= own ? 0 : bounded ? Math.max(-CLEAR, Math.min(CLEAR, value)) : value));
  const sds = labels.flatMap((label, k): Way[] => {
    const { least, most } = products.model.logSds(put(new Float64Array(x.length), own + k, 1));
    const sentence = `the residual sd of some rows goes to 0 by ${label}: ${fits}; leave ${label} out of sigma`;
    return [1, -1].map((sign) => ({
      places: [0, 1, 2].map((step) => put(apart, own + k, (sign * (FAR + step * Math.LN2)) / (most - least))),
      sentence,
    }));
  });
  // Contrasts may be fitted at the sds where the search ended alone.
  const { least, most } = products.model.logSds(x);
  const beside = most - least < MODERATE ? x.map((value, k) => (k >= own ? value : apart[k]!)) : apart;
  return [...sds, ...(residual?.groups ? correlationWays(residual.groups, profiled, beside, own) : [])];
}

function correlationWays(
  groups: StructuredGroups,
  { method }: StructuredDeviance,
  x: Float64Array,
  own: number,
): Way[] {
  const { structure, factor, occasions } = groups;
  const way = (places: Float64Array[], what: string): Way => ({
    places,
    sentence: `${what}: what residuals of ${factor} still tell there is fitted to working precision, and no ${method} estimate exists; leave columns out, or give a simpler structure than ${structure}`,
  });
  /** Coordinate k at log(1 / v) times `by`, v the distance from the end. */
  const along = (k: number, by: number, what: string): Way =>
    way(
      [0, 1, 2].map((step) => put(x, k, by * (2 * step * Math.LN2 - Math.log(NEAR)))),
      what,
    );
  switch (structure) {
    case 'ar1':
    case 'toeplitz':
      return Array.from({ length: own }, (_, k) => {
        const name = structure === 'ar1' ? 'phi' : `rho[${k + 1}]`;
        return [1, -1].map((sign) => along(k, sign / 2, `${name} goes to ${ending(structure, k, sign)}`));
      }).flat();
    case 'car1':
      return [along(0, 1, 'phi goes to 1')];
    case 'cs':
      return [along(0, 1, 'rho goes to 1'), along(0, -1, 'rho goes to its lowest')];
    case 'unstructured':
      return occasions.slice(1).flatMap((occasion, a) => {
        // The row of this occasion in the factor of their covariance; its last entry is a logarithm.
        const k = ((a + 1) * (a + 4)) / 2 - 1;
        const length = Math.hypot(...x.subarray(k - a - 1, k));
        if (!(Math.exp(x[k]!) < SMALL * length)) return [];
        return way(
          [0, 1, 2].map((step) => put(x, k, Math.log(length) + Math.log(NEAR) / 2 - step * Math.LN2)),
          `the residual at ${occasion} becomes a combination of those before it`,
        );
      });
  }
}

/** A partial correlation at its end: of the first lag that is the correlation itself. */
function ending(structure: 'ar1' | 'toeplitz', k: number, sign: number): string {
  return structure === 'ar1' || k === 0
    ? String(sign)
    : `the ${sign > 0 ? 'highest' : 'lowest'} that the others leave it`;
}

function put(x: Float64Array, k: number, value: number): Float64Array {
  const out = Float64Array.from(x);
  out[k] = value;
  return out;
}
