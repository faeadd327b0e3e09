import { describe, expect, it } from 'vitest';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { formulaText } from '../../src/graph/formulaText.ts';
import { graphFromJson, modelGraph } from '../../src/graph/modelGraph.ts';
import type { ResponseNode } from '../../src/graph/node.ts';
import { halfNormal, normal } from '../../src/graph/priors.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { faultOf } from '../faultOf.ts';

const response = (options: FormulaOptions, text = 'y ~ x'): ResponseNode =>
  Object.values(formula(text, options).nodes).find((node) => node.kind === 'response') as ResponseNode;

describe('residual and sigma of a formula', () => {
  it('are fields of the response, equal to those built by hand, and survive JSON', () => {
    const graph = formula('y ~ x + (1 | g)', { residual: 'ar1( age | Subject )', sigma: '~ Sex + x' });
    const node = graph.nodes.y as ResponseNode;
    expect(node.residual).toEqual({ structure: 'ar1', by: 'Subject', time: 'age' });
    expect(node.sigmaTerms).toEqual(['Sex', 'x']);
    expect(modelGraph(graph.nodes)).toEqual(graph);
    expect(graphFromJson(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    expect(Object.isFrozen(node.residual)).toBe(true);
  });

  it.each([
    ['cs(g)', { structure: 'cs', by: 'g' }],
    ['car1(t | g)', { structure: 'car1', by: 'g', time: 't' }],
    ['toeplitz(visit|a:b)', { structure: 'toeplitz', by: 'a:b', time: 'visit' }],
    ['unstructured(`the visit` | g)', { structure: 'unstructured', by: 'g', time: 'the visit' }],
  ])('%s', (text, expected) => {
    const node = response({ residual: text });
    expect(node.residual).toEqual(expected);
    const printed = formulaText(formula('y ~ x', { residual: text })).residual!;
    expect(response({ residual: printed }).residual).toEqual(expected);
  });

  it.each([
    ['~ (1 | g)', undefined, 'g'],
    ['~ x + (1 | a:b)', ['x'], 'a:b'],
    ['~ (1 | `my g`) + x', ['x'], 'my g'],
  ])('sigma %s varies by a factor', (sigma, terms, by) => {
    const graph = formula('y ~ x', { sigma, priors: { [`omega_${by}`]: halfNormal(0.5) } });
    const node = graph.nodes.y as ResponseNode;
    expect(node.sigmaTerms).toEqual(terms);
    expect(node.sigmaBy).toBe(by);
    expect(graphFromJson(JSON.parse(JSON.stringify(graph)))).toEqual(graph);
    expect(response({ sigma: formulaText(graph).sigma! })).toEqual(node);
    const text = describeModel(graph);
    expect(text).toContain(`delta_${by}[each ${by}] ~ normal(0, omega_${by})`);
    expect(text).toContain(`sigma_i = sigma exp(delta_${by}[${by} of i]`);
  });

  it('are absent where they are not given', () => {
    expect(Object.keys(response({}))).toEqual(['kind', 'family', 'column', 'eta', 'sigma']);
  });

  it('are described', () => {
    const text = describeModel(formula('y ~ x', { residual: 'ar1(age | Subject)', sigma: '~ Sex' }));
    expect(text).toContain('residual: ar1(age | Subject)\nsigma: ~ Sex');
    expect(text).toContain('y_i ~ normal(beta[Intercept] + beta[x] x_i, sigma_i)');
    expect(text).toContain('sigma_i = sigma exp(delta[Sex] Sex_i)');
    expect(text).toContain('correlation phi^(steps of age between them)');
  });

  const WRONG: readonly (readonly [FormulaOptions, string, string])[] = [
    [
      { residual: 'ar1(g)' },
      'residual',
      'ar1(g) has no time: say which column orders the rows of a group, as in ar1(time | g)',
    ],
    [{ residual: 'ar2(t | g)' }, 'residual', 'there is no residual structure in "ar2(t | g)"; did you mean ar1?'],
    [{ residual: '' }, 'residual', 'Accepted: ar1, car1, cs, toeplitz, unstructured'],
    [{ residual: 'cs(t | g)' }, 'formula-syntax', 'no time stands in it'],
    [{ residual: 'ar1(t | g) + 1' }, 'formula-syntax', 'expected the end'],
    [{ residual: 'ar1(t | g' }, 'formula-syntax', 'expected ")" to close ar1('],
    [{ residual: 'ar1(t | t)' }, 'residual', '"t" is the time and cannot stand in the grouping factor too'],
    [{ residual: 'ar1(y | g)' }, 'formula-terms', '"y" is in the response'],
    [{ residual: 'ar1(t | y)' }, 'formula-terms', '"y" is in the response'],
    [{ sigma: '~ y' }, 'formula-terms', '"y" is in the response, and so it cannot stand in the term y of sigma'],
    [{ sigma: '~ 1' }, 'residual', 'has no terms, and so one sigma for all rows'],
    [{ sigma: '~ 0 + x' }, 'residual', 'takes the constant out'],
    [{ sigma: '~ (x | g)' }, 'residual', 'the constant alone varies by a factor; accepted: "(1 | g)"'],
    [{ sigma: '~ (0 + x | g)' }, 'residual', 'the constant alone varies by a factor'],
    [{ sigma: '~ (1 | g) + (1 | h)' }, 'residual', 'varies by one factor, and "~ (1 | g) + (1 | h)" has g and h'],
    [{ sigma: '~ (1 | a/b)' }, 'residual', 'has a and a:b'],
    [
      { sigma: '~ (1 | y)' },
      'formula-terms',
      '"y" is in the response, and so it cannot stand in the grouping factor y',
    ],
    [{ sigma: '~ (1 | g)', family: 'student' }, 'unknown-option', 'sigma belongs to the family gaussian'],
    [{ sigma: '~ (1 | g)', priors: { omega_g: normal(0, 1) } as never }, 'wrong-parent', 'a prior of one sd'],
    [{ sigma: '~ (1 | g)', priors: { omega_h: halfNormal(1) } }, 'unknown-prior', 'omega_g'],
    [{ sigma: '~ x', priors: { omega_x: halfNormal(1) } }, 'unknown-prior', 'the model has no "omega_x"'],
    [{ sigma: '~ offset(x)' }, 'formula-syntax', 'the residual sd has no offset'],
    [{ sigma: 'x' }, 'formula-syntax', 'expected "~" before the terms'],
    [{ residual: 'ar1(t | g)', family: 'poisson' }, 'unknown-option', 'residual belongs to the family gaussian'],
    [{ sigma: '~ x', family: 'student' }, 'unknown-option', 'sigma belongs to the family gaussian'],
  ];
  it.each(WRONG)('%j is refused', (options, code, sentence) => {
    const fault = faultOf(() => formula('y ~ x', options));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(sentence);
  });

  it('known standard errors leave no residual sd to speak of', () => {
    expect(faultOf(() => formula('y | se(s) ~ x', { sigma: '~ x' })).message).toContain('with se(...) it is known');
  });

  it.each([
    [{ structure: 'ar3', by: 'g', time: 't' }, 'there is no structure "ar3"'],
    [{ structure: 'ar1', by: 'g' }, 'ar1 needs the field "time"'],
    [{ structure: 'cs', by: 'g', time: 't' }, 'cs has one correlation at all times'],
    ['ar1', 'expected an object'],
  ])('a node with %j is refused', (residual, sentence) => {
    const nodes = { ...formula('y ~ x').nodes, y: { ...formula('y ~ x').nodes.y, residual } };
    const fault = faultOf(() => graphFromJson({ nodes }));
    expect(fault.code).toBe('invalid-node');
    expect(fault.message).toContain(sentence);
  });
});
