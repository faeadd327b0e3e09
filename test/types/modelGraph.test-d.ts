import { expectTypeOf } from 'vitest';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import type { GroupNode, LinearPredictorNode, ModelGraph, ResponseNode } from '../../src/graph/node.ts';
import {
  bernoulliProbit,
  binomialLogit,
  gaussian,
  group,
  linearPredictor,
  poisson,
  population,
  studentT,
} from '../../src/graph/nodes.ts';
import { gamma, halfT, halfTCov, normal } from '../../src/graph/priors.ts';

// A well spelt graph compiles, and its type knows the names of its nodes.
const graph = modelGraph({
  sigma: halfT(3, 1),
  gamma_county: normal(0, 5),
  Sigma_county: halfTCov(2, 1),
  b_county: group({
    by: 'county',
    terms: ['1', 'floor'],
    level2: ['1', 'log_uranium'],
    mean: 'gamma_county',
    cov: 'Sigma_county',
  }),
  eta: linearPredictor('b_county'),
  log_radon: gaussian('log_radon', { eta: 'eta', sigma: 'sigma' }),
});
expectTypeOf(graph).toEqualTypeOf<
  ModelGraph<'sigma' | 'gamma_county' | 'Sigma_county' | 'b_county' | 'eta' | 'log_radon', 'gaussian'>
>();
expectTypeOf(graph).toExtend<ModelGraph>();

// Constructors carry the names they refer to.
expectTypeOf(group({ by: 'g', terms: ['1'], cov: 'Sigma_g' })).toEqualTypeOf<GroupNode<'Sigma_g'>>();
expectTypeOf(linearPredictor('a', 'b', { offset: ['x'] })).toEqualTypeOf<LinearPredictorNode<'a' | 'b'>>();
expectTypeOf(gaussian('y', { eta: 'eta', se: 's' })).toEqualTypeOf<ResponseNode<'eta', 'gaussian'>>();
expectTypeOf(studentT('y', { eta: 'eta', sigma: 's', nu: 'n' })).toEqualTypeOf<
  ResponseNode<'eta' | 's' | 'n', 'studentT'>
>();
expectTypeOf(studentT('y', { eta: 'eta', sigma: 's', nu: 4 })).toEqualTypeOf<ResponseNode<'eta' | 's', 'studentT'>>();
expectTypeOf(binomialLogit('y', { eta: 'eta', trials: 'n' })).toEqualTypeOf<ResponseNode<'eta', 'binomialLogit'>>();
expectTypeOf(poisson('y', { eta: 'eta', exposure: 't' })).toEqualTypeOf<ResponseNode<'eta', 'poisson'>>();

modelGraph({
  beta: normal(0, 5),
  population: population({ terms: ['1'], coef: 'beta' }),
  eta: linearPredictor('population'),
  // @ts-expect-error a misspelt linear predictor does not compile
  y: bernoulliProbit('y', { eta: 'etta' }),
});

modelGraph({
  beta: normal(0, 5),
  sigma: halfT(3, 1),
  nu: gamma(2, 0.1),
  population: population({ terms: ['1'], coef: 'beta' }),
  eta: linearPredictor('population'),
  // @ts-expect-error a misspelt prior of nu does not compile
  y: studentT('y', { eta: 'eta', sigma: 'sigma', nu: 'mu' }),
});

modelGraph({
  beta: normal(0, 5),
  sigma: halfT(3, 1),
  population: population({ terms: ['1'], coef: 'beta' }),
  // @ts-expect-error a misspelt summand does not compile
  eta: linearPredictor('populaton'),
  y: gaussian('y', { eta: 'eta', sigma: 'sigma' }),
});

modelGraph({
  beta: normal(0, 5),
  sigma: halfT(3, 1),
  // @ts-expect-error a misspelt prior of coefficients does not compile
  population: population({ terms: ['1'], coef: 'betta' }),
  eta: linearPredictor('population', { offset: ['log(n)'] }),
  y: gaussian('y', { eta: 'eta', sigma: 'sigma' }),
});

modelGraph({
  Sigma_g: halfT(3, 1),
  sigma: halfT(3, 1),
  // @ts-expect-error a misspelt covariance does not compile
  u_g: group({ by: 'g', terms: ['1'], cov: 'Sgima_g' }),
  eta: linearPredictor('u_g'),
  y: gaussian('y', { eta: 'eta', sigma: 'sigma' }),
});

modelGraph({
  Sigma_g: halfT(3, 1),
  gamma_g: normal(0, 1),
  sigma: halfT(3, 1),
  // @ts-expect-error a misspelt mean does not compile
  b_g: group({ by: 'g', terms: ['1'], level2: ['1'], mean: 'gama_g', cov: 'Sigma_g' }),
  eta: linearPredictor('b_g'),
  y: gaussian('y', { eta: 'eta', sigma: 'sigma' }),
});

modelGraph({
  Sigma_g: halfT(3, 1),
  sigma: halfT(3, 1),
  u_g: group({ by: 'g', terms: ['1'], cov: 'Sigma_g' }),
  eta: linearPredictor('u_g'),
  // @ts-expect-error a misspelt residual scale does not compile
  y: gaussian('y', { eta: 'eta', sigma: 'sigam' }),
});
