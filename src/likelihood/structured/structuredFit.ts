import type { Design } from '../../design/design.ts';
import { withoutResidual } from '../../design/withoutResidual.ts';
import { ModelError } from '../../errors.ts';
import { graphParts, residualText } from '../../graph/formulaText.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { everyRowFitted } from '../../products/exactFit.ts';
import { structuredProducts } from '../../products/structuredProducts.ts';
import { boundarySentences } from '../boundary.ts';
import { criteria } from '../criteria.ts';
import { fitMessages, identification } from '../fitMessages.ts';
import { fittedValues } from '../fittedValues.ts';
import { fixedEffects } from '../fixedEffects.ts';
import { coefficientCovariance } from '../gaussian/coefficientCovariance.ts';
import { conditionalCovariance } from '../gaussian/conditionalCovariance.ts';
import { blockIndex, groupEstimates } from '../groupEstimates.ts';
import { checkExactFit, checkIdentified, checkResidualScale } from '../identified.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { convergence } from '../search/convergence.ts';
import { estimateTheta, type ThetaEstimate } from '../search/estimateTheta.ts';
import { checkApart } from './apart.ts';
import { checkBound } from './checkBound.ts';
import { flatParameters } from './flatParameters.ts';
import { residualEnds } from './residualEnds.ts';
import { type StructuredDeviance, structuredDeviance } from './structuredDeviance.ts';
import { structuredCoefficients } from './structuredSystem.ts';

/**
 * The fit by REML or ML of a design whose residuals are not independent with one sigma: as `fitDesign` states it, with
 * the coordinates of the residuals searched beside the relative factors, from each of the model's starts. Throws
 * `not-identified` for what no likelihood tells apart, and `residual-scale` where it has no bound.
 */
export function structuredFit(design: Design, method: LikelihoodMethod): MaximumLikelihoodFit {
  const { p, response } = design;
  const varying = design.residual?.sigmaGroups;
  if (varying) {
    throw new ModelError(
      'not-supported',
      'sigma',
      `sigma: the likelihood of an sd for each ${varying.factor}, pooled, is an integral over ${varying.J} log sds without a closed form, and no approximation of it is built; accepted are sample, which draws them, or sigma: '~ ${varying.factor}', an sd for each ${varying.factor} without pooling`,
    );
  }
  checkIdentified(design, method);
  checkApart(design);
  const plain = crossProducts(withoutResidual(design));
  checkExactFit(design, plain, method);
  // Whether columns fit every row does not depend on how the residuals do.
  const unbounded = everyRowFitted(design, plain);
  const products = structuredProducts(design);
  const { model } = products;
  const [profiled, estimate] = lowest(
    model.starts.map((start) => {
      const criterion = { ...structuredDeviance(products, design, method, start), unbounded };
      return [criterion, estimateTheta(criterion)] as const;
    }),
  );
  if (!Number.isFinite(estimate.deviance)) {
    throw new ModelError(
      'no-optimum',
      response.label,
      `the ${method} criterion of ${response.label} is not finite at any covariance that was tried`,
    );
  }
  const coordinates = estimate.lambdas.at(-1)!;
  profiled.at(estimate.lambdas);
  const unit = Math.sqrt(profiled.sigma2());
  const { sigma, parameters, sds } = model.values(unit);
  const ends = residualEnds(design, parameters, coordinates);
  const flat = flatParameters(
    design,
    estimate,
    profiled.covariances,
    ends.map(({ name }) => name),
  );
  checkResidualScale(design, plain, profiled, estimate, flat.length > 0);
  checkBound(design, profiled, estimate.lambdas);
  const deviance = profiled.at(estimate.lambdas);
  const lambdas = estimate.lambdas.slice(0, -1);
  const sigma2 = profiled.sigma2();
  const { u, beta } = structuredCoefficients(profiled.system);
  const standardised = conditionalCovariance(profiled.system);
  const { ranks } = estimate;
  const groups = design.groupTerms.map((term, f) =>
    groupEstimates(term, lambdas[f]!, sigma2, u[f]!, standardised[f]!, ranks.slice(blockIndex(design, f))),
  );
  const vcov = coefficientCovariance(profiled, p, unit);
  const fitted = fittedValues(design, beta, u);
  const { residual } = graphParts(design.graph).response;
  const df = p + profiled.factors.size + 1 - flat.length;
  return {
    kind: 'maximumLikelihood',
    method,
    graph: design.graph,
    design,
    fixef: fixedEffects(design, beta, vcov),
    groups,
    sigma,
    own: null,
    residual: { structure: residual ? residualText(residual) : null, parameters, sds, unit, coordinates },
    theta: profiled.covariances.toTheta(lambdas),
    thetaLabels: profiled.covariances.labels,
    ...criteria(deviance, df, products.n),
    optima: estimate.optima,
    boundary: [...boundarySentences(design, groups, ranks), ...ends.map(({ sentence }) => sentence)],
    convergence: convergence(
      estimate,
      flat.length + ends.filter(({ coordinate }) => coordinate === null).length,
      ends.flatMap(({ coordinate }) => (coordinate === null ? [] : [profiled.covariances.size + coordinate])),
    ),
    ...identification(flat, method),
    messages: fitMessages(flat, method, estimate.optima),
    fitted,
    residuals: fitted.map((value, i) => response.y[i]! - value),
  };
}

type Search = readonly [StructuredDeviance, ThetaEstimate];

function lowest(searches: readonly Search[]): Search {
  const deviance = ([, { deviance: value }]: Search): number =>
    Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  return searches.reduce((best, search) => (deviance(search) < deviance(best) ? search : best));
}
