import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { parsePrior } from '../../src/formula/parsePrior.ts';
import { graphFromJson, modelGraph } from '../../src/graph/modelGraph.ts';
import { linearPredictor, population, studentT } from '../../src/graph/nodes.ts';
import {
  defaultPrior,
  exponential,
  gamma,
  halfT,
  inverseGamma,
  normal,
  type Prior,
  uniform,
} from '../../src/graph/priors.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { cells } from '../../src/products/cells.ts';
import { faultOf } from '../faultOf.ts';

const rows = { y: [1, 2.5, 3, 2, 4, 1.5], w: [1, 2, 1, 1, 3, 1] };
const student = (options: Omit<FormulaOptions, 'family'> = {}, text = 'y ~ 1') =>
  formula(text, { ...options, family: 'student' });
const inForce = (options: Omit<FormulaOptions, 'family'>, data = rows) =>
  resolvePriors(buildDesign(student(options), { rows: data }));

describe('a Student-t response', () => {
  it('is the same graph from the formula, by hand and from JSON', () => {
    const byHand = modelGraph({
      beta: normal(0, 5),
      sigma: halfT(3, 1),
      nu: gamma(2, 0.1),
      population: population({ terms: ['1'], coef: 'beta' }),
      eta: linearPredictor('population'),
      y: studentT('y', { eta: 'eta', sigma: 'sigma', nu: 'nu', weights: 'w' }),
    });
    const written = student(
      { priors: { beta: normal(0, 5), sigma: halfT(3, 1), nu: gamma(2, 0.1) } },
      'y | weights(w) ~ 1',
    );
    expect(written).toEqual(byHand);
    expect(
      formula('y | weights(w) ~ 1', {
        family: 'studentT',
        priors: { beta: normal(0, 5), sigma: halfT(3, 1), nu: gamma(2, 0.1) },
      }),
    ).toEqual(byHand);
    expect(graphFromJson(JSON.parse(JSON.stringify(byHand)))).toEqual(byHand);
    expect(Object.keys(byHand.nodes)).toEqual(['beta', 'sigma', 'nu', 'population', 'eta', 'y']);
  });

  it('may have its degrees of freedom known, and then has no prior of them', () => {
    const graph = student({ nu: 4 });
    expect(graph.nodes).toMatchObject({ y: { family: 'studentT', nu: 4 }, sigma: defaultPrior() });
    expect(graph.nodes).not.toHaveProperty('nu');
    const design = buildDesign(graph, { rows });
    expect(design.response.nu).toBe(4);
    expect(resolvePriors(design).nu).toBeUndefined();
    expect(graphFromJson(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
  });

  it('has by default the prior gamma(2, 0.1) of nu, and scales that an outlier does not set', () => {
    expect(inForce({}).nu).toEqual({ distribution: 'gamma', shape: 2, rate: 0.1 });
    // Median 2.25, deviations 1.25 0.25 0.75 0.25 1.75 0.75: their median is 0.75.
    const scale = 2.5 * 1.4826022185056018 * 0.75;
    expect(inForce({}).sigma).toEqual({ distribution: 'halfT', df: 3, scale });
    expect(inForce({}, { ...rows, y: [1, 2.5, 3, 2, 4e6, 1.5] }).sigma).toEqual({
      distribution: 'halfT',
      df: 3,
      scale,
    });
    expect(inForce({ priors: { nu: exponential(0.1) } }).nu).toEqual({ distribution: 'exponential', rate: 0.1 });
    expect(inForce({ priors: { nu: uniform(2, 30) } }).nu).toEqual({ distribution: 'uniform', low: 2, high: 30 });
    expect(parsePrior('nu ~ gamma(2, 0.1)')).toEqual({ name: 'nu', prior: gamma(2, 0.1) });
  });

  it('is not merged into cells', () => {
    expect(faultOf(() => cells(buildDesign(student(), { rows }))).code).toBe('unsupported-family');
  });

  it.each<[string, () => unknown, string]>([
    [
      'known standard errors',
      () => student({}, 'y | se(w) ~ 1'),
      'se(...) belongs to the family gaussian; a known standard error is an sd',
    ],
    ['trials', () => student({}, 'y | trials(w) ~ 1'), 'trials(...) belongs to the families binomialLogit'],
    [
      'nu of another family',
      () => formula('y ~ 1', { nu: 4 }),
      'nu belongs to the family studentT (in short student), and the family is gaussian',
    ],
    ['nu that is not positive', () => student({ nu: 0 }), 'nu: got 0; accepted is a positive finite number'],
    [
      'a prior of a known nu',
      () => student({ nu: 4, priors: { nu: gamma(2, 0.1) } }),
      'the model has no "nu" (nu is fixed at 4)',
    ],
    [
      'a prior of nu in another family',
      () => formula('y ~ 1', { priors: { nu: gamma(2, 0.1) } }),
      '(the family gaussian has no degrees of freedom)',
    ],
    [
      'a prior of nu that is of something else',
      () => student({ priors: { nu: halfT(3, 1) } }),
      'the prior of degrees of freedom: gamma, exponential or uniform',
    ],
    ['a prior of sigma that is of nu', () => student({ priors: { sigma: gamma(2, 1) } }), 'the prior of one sd'],
    ['a gamma that is none', () => gamma(2, 0), 'gamma(shape, rate): rate must be a positive finite number, not 0'],
    [
      'a prior with nothing above 1',
      () => inForce({ priors: { nu: uniform(0, 1) } }),
      'degrees of freedom are above 1',
    ],
    [
      'a node without nu',
      () => studentT('y', { eta: 'eta', sigma: 'sigma' } as never),
      'give sigma (the prior of the scale) and nu',
    ],
    [
      'nu that is no number',
      () => studentT('y', { eta: 'eta', sigma: 'sigma', nu: -2 }),
      'nu must be the name of a prior, or the degrees of freedom',
    ],
    [
      'nu of a gaussian node',
      () =>
        graphFromJson({
          nodes: { y: { kind: 'response', family: 'gaussian', column: 'y', eta: 'eta', sigma: 's', nu: 3 } },
        }),
      'the family gaussian has no nu: only a studentT response has degrees of freedom',
    ],
  ])('refuses %s in one sentence', (_name, action, message) => {
    expect(faultOf(action).message).toContain(message);
  });

  it('is refused where so many rows are equal that the posterior has no finite integral at sigma = 0', () => {
    const zeros = { ...rows, y: [0, 0, 0, 0, 0, 0, 0, 3, 1, 2], w: new Array<number>(10).fill(1) };
    // s = 7 of n = 10 rows, p = 1: proper for (n - s) nu > s - p - 1, nu > 5 / 3.
    const found = faultOf(() => inForce({}, zeros));
    expect(found.code).toBe('improper-posterior');
    expect(found.message).toContain('7 of 10 rows have the same response 0');
    expect(found.message).toContain('fix nu above 1.67');
    expect(() => inForce({ nu: 1.7 }, zeros)).not.toThrow();
    expect(faultOf(() => inForce({ nu: 1.6 }, zeros)).code).toBe('improper-posterior');
    expect(() => inForce({ priors: { nu: uniform(2, 30) } }, zeros)).not.toThrow();
    const off: Prior = inverseGamma(2, 1);
    expect(() => inForce({ priors: { sigma: off } }, zeros)).not.toThrow();
    expect(() => inForce({ priors: { sigma: uniform(0.1, 3) } }, zeros)).not.toThrow();
  });
});
