import type { Design } from '../../design/design.ts';
import { correlationName } from '../../graph/correlationName.ts';
import { cholesky } from '../../linalg/cholesky.ts';
import { structuredProducts } from '../../products/structuredProducts.ts';
import type { ResidualModel } from '../../residual/residualModel.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import type { Minimum, Objective } from '../search/optimize.ts';
import { structuredAt } from '../structured/structuredAt.ts';
import { type StructuredDeviance, structuredDeviance } from '../structured/structuredDeviance.ts';
import { constrainedDeviance } from './constrainedDeviance.ts';
import { heldCorrelation, heldLag, heldResidual, heldSigma, type ResidualHold } from './heldResidual.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';
import { coefficientRoot, firstStep, rootOf, type SignedRoot, type SignedRoots } from './signedRoot.ts';
import { structuredCoefficient } from './structuredCoefficient.ts';
import type { ProfiledParameter } from './varianceParameter.ts';

type ResidualParameter = Extract<ProfiledParameter, { kind: 'sigma' | 'residual' }>;

/**
 * The signed roots of a fit whose residuals are not independent with one sigma: everything else is at its best with the
 * coordinates of the residuals searched beside the relative factors.
 */
export function structuredRoots(fit: MaximumLikelihoodFit): SignedRoots {
  const { design, residual } = fit;
  const own = structuredAt(fit);
  const lambdas = own.covariances.fromTheta(fit.theta);
  const places = diagonalPlaces(own.covariances.blocks);
  let best: { readonly criterion: StructuredDeviance; readonly minimum: Minimum } | undefined;
  const ml = () => {
    if (best) return best;
    const criterion = fit.method === 'ML' ? own : structuredDeviance(own.products, design, 'ML', residual!.coordinates);
    const free: Objective = (x, gradient) => criterion.search(x, gradient);
    const start = new Float64Array(criterion.factors.size);
    start.set(own.covariances.toSearch(lambdas));
    best = { criterion, minimum: lowestFrom(free, start, places, criterion.unit) };
    return best;
  };
  const lowest = fit.deviance;
  return {
    coefficient(c) {
      const { criterion, minimum } = ml();
      return coefficientRoot(fit, c, structuredCoefficient(criterion, c, minimum.x), minimum.value);
    },
    variance(parameter) {
      const { name, kind, estimate } = parameter;
      const common = { parameter: name, estimate, criterion: fit.method };
      if (kind === 'tau' || kind === 'corr') {
        const walk = () => rootOf(constrainedDeviance(own, parameter, lambdas, residual!.unit), estimate, lowest);
        return { ...common, kind, step: firstStep(fit, parameter), walk };
      }
      const { criterion, hold, start } = holdOf(fit, own, parameter);
      const walk = () => rootOf(heldResidual(criterion, hold, start), estimate, lowest);
      return { ...common, ...shape(design, own.products.model, name), walk };
    },
  };
}

/** How far a parameter of the residuals may go, and a first step. */
function shape({ residual }: Design, { scale }: ResidualModel, name: string): Pick<SignedRoot, 'kind' | 'step'> {
  if (name.startsWith('sigma')) return { kind: 'sigma', step: 0 };
  if (!name.startsWith('delta[')) return { kind: 'corr', step: 0 };
  const k = residual!.sigma!.labels.findIndex((label) => name === `delta[${label}]`);
  return { kind: 'beta', step: 0.2 / scale[k]! };
}

/** What holds a parameter of the residuals, of which criterion, and the search coordinates to begin from. */
function holdOf(
  fit: MaximumLikelihoodFit,
  own: StructuredDeviance,
  { name }: ResidualParameter,
): { readonly criterion: StructuredDeviance; readonly hold: ResidualHold; readonly start: Float64Array } {
  const { design } = fit;
  const { covariances, products } = own;
  const { model } = products;
  const groups = design.residual?.groups;
  const start = new Float64Array(own.factors.size);
  start.set(covariances.toSearch(covariances.fromTheta(fit.theta)));
  const from = covariances.size;
  const labels = design.residual?.sigma?.labels ?? [];
  const deltas = model.size - labels.length;
  const delta = labels.findIndex((label) => name === `delta[${label}]`);
  if (delta >= 0) {
    const at = deltas + delta;
    const place = (value: number): number => value * model.scale[delta]! - own.origin[at]!;
    return { criterion: own, start, hold: heldCorrelation(from + at, place) };
  }
  if (name === 'sigma') return { criterion: own, start, hold: heldSigma(own, deltas) };
  if (correlationName(groups!.structure)) {
    const place = (value: number): number => model.correlation.single!.coordinate(value) - own.origin[0]!;
    return { criterion: own, start, hold: heldCorrelation(from, place) };
  }
  if (groups!.structure === 'toeplitz') {
    const lag = fit.residual!.parameters.findIndex((parameter) => parameter.name === name);
    return { criterion: own, start, hold: heldLag(own, deltas, lag) };
  }
  return reordered(fit, own, name);
}

/**
 * Of `unstructured`: the same model with the occasions in another order, in which the sd of one comes first, or the two
 * of a correlation.
 */
function reordered(
  fit: MaximumLikelihoodFit,
  own: StructuredDeviance,
  name: string,
): { readonly criterion: StructuredDeviance; readonly hold: ResidualHold; readonly start: Float64Array } {
  const { design, residual, method } = fit;
  const groups = design.residual!.groups!;
  const { occasions } = groups;
  const T = occasions.length;
  const all = Array.from(occasions.keys());
  const pair = all
    .flatMap((a) => all.slice(a + 1).map((b) => [a, b]))
    .find(([a, b]) => name === `rho[${occasions[a!]},${occasions[b!]}]`);
  const first = pair ?? [occasions.findIndex((occasion) => name === `sigma[${occasion}]`)];
  const order = [...first, ...all.filter((t) => !first.includes(t))];
  const place = new Int32Array(T);
  order.forEach((t, at) => {
    place[t] = at;
  });
  const moved: Design = {
    ...design,
    residual: {
      ...design.residual!,
      groups: {
        ...groups,
        occasions: order.map((t) => occasions[t]!),
        occasion: groups.occasion.map((t) => place[t]!),
      },
    },
  };
  own.products.model.at(residual!.coordinates);
  const { between, variance } = own.products.model.correlation;
  const L = new Float64Array(T * T);
  const unit = variance(order[0]!);
  order.forEach((a, r) => {
    order.slice(0, r + 1).forEach((b, c) => {
      L[r * T + c] = (r === c ? variance(a) : between(a, b)) / unit;
    });
  });
  cholesky(L, T);
  const rows = order.slice(1).flatMap((_, at) => {
    const r = at + 1;
    return [...L.subarray(r * T, r * T + r), Math.log(L[r * T + r]!)];
  });
  const deltas = residual!.coordinates.subarray(rows.length);
  const origin = Float64Array.from([...rows, ...deltas]);
  const criterion = structuredDeviance(structuredProducts(moved), moved, method, origin);
  const start = new Float64Array(criterion.factors.size);
  const lambdas = own.covariances.fromTheta(fit.theta).map((L) => L.map((value) => value / Math.sqrt(unit)));
  start.set(criterion.covariances.toSearch(lambdas));
  const hold = pair ? heldPair(criterion) : heldSigma(criterion, rows.length);
  return { criterion, start, hold };
}

/** rho = L_21 / |(L_21, L_22)| of the first two occasions, coordinates L_21 and log L_22. */
function heldPair({ covariances, origin }: StructuredDeviance): ResidualHold {
  const from = covariances.size;
  let held = 0;
  return {
    places: [from],
    complete(x, value) {
      held = (Math.exp(origin[1]! + x[from + 1]!) * value) / Math.sqrt((1 - value) * (1 + value));
      x[from] = held - origin[0]!;
      return undefined;
    },
    chain(gradient) {
      gradient[from + 1]! += gradient[from]! * held;
    },
  };
}
