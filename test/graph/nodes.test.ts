import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { bernoulliProbit, binomialLogit, gaussian, group, linearPredictor, population } from '../../src/graph/nodes.ts';

describe('node constructors', () => {
  it('puts the intercept first and writes level-2 terms once where all varying terms share them', () => {
    const node = group({
      by: 'g',
      terms: ['x', '1'],
      level2: { x: ['w', '1'], 1: ['1', 'w'] },
      mean: 'gamma_g',
      cov: 'Sigma_g',
    });
    expect(node).toEqual(group({ by: 'g', terms: ['1', 'x'], level2: ['1', 'w'], mean: 'gamma_g', cov: 'Sigma_g' }));
    expect(node.level2).toEqual(['1', 'w']);
    const apart = group({ by: 'g', terms: ['1', 'x'], level2: { x: ['1'], 1: ['1', 'w'] }, mean: 'm', cov: 'c' });
    expect(apart.level2).toEqual({ 1: ['1', 'w'], x: ['1'] });
  });

  it('takes the structure of a single varying intercept for full: one sd has no correlations', () => {
    expect(group({ by: 'g', terms: ['1'], cov: 'c', structure: 'diagonal' }).structure).toBe('full');
    expect(group({ by: 'g', terms: ['sector'], cov: 'c', structure: 'diagonal' }).structure).toBe('diagonal');
  });

  it.each<[string, () => unknown, string]>([
    ['no terms', () => population({ terms: [], coef: 'beta' }), 'terms is empty'],
    ['a term twice', () => population({ terms: ['x', 'x'], coef: 'beta' }), 'the term "x" stands twice in terms'],
    ['a term with a space around it', () => population({ terms: [' x'], coef: 'beta' }), 'begins or ends with a space'],
    [
      'except without .',
      () => population({ terms: ['x'], except: ['y'], coef: 'beta' }),
      "'.', which is not among the terms",
    ],
    ['a mean without level2', () => group({ by: 'g', terms: ['1'], mean: 'm', cov: 'c' }), 'come together'],
    ['level2 without a mean', () => group({ by: 'g', terms: ['1'], level2: ['1'], cov: 'c' }), 'come together'],
    [
      'level2 of a term that does not vary',
      () => group({ by: 'g', terms: ['1'], level2: { x: ['1'] }, mean: 'm', cov: 'c' }),
      '"x" is not one',
    ],
    [
      'level2 that leaves a term out',
      () => group({ by: 'g', terms: ['1', 'x'], level2: { x: ['1'] }, mean: 'm', cov: 'c' }),
      '"1" is missing',
    ],
    [
      'an unknown structure',
      () => group({ by: 'g', terms: ['1'], cov: 'c', structure: 'block' as never }),
      '"full" or "diagonal", not "block"',
    ],
    [
      'an unknown field',
      () => group({ by: 'g', term: ['1'], cov: 'c' } as never),
      'there is no field "term"; did you mean "terms"?',
    ],
    ['. in a group', () => group({ by: 'g', terms: ['.'], cov: 'c' }), "'.' stands only among population terms"],
    ['an empty sum', () => linearPredictor(), 'sum is empty'],
    ['neither sigma nor se', () => gaussian('y', { eta: 'eta' }), 'give one of sigma'],
    ['both sigma and se', () => gaussian('y', { eta: 'eta', sigma: 's', se: 'e' }), 'give one of sigma'],
    [
      'sigma of a binomial response',
      () => binomialLogit('y', { eta: 'eta', sigma: 's' } as never),
      'the family binomialLogit has no sigma: its variance follows from its mean, so that there is no residual sd; accepted: trials, weights',
    ],
    [
      'se of a probit response',
      () => bernoulliProbit('y', { eta: 'eta', se: 's' } as never),
      'has no se: its variance',
    ],
    [
      'trials of a probit response',
      () => bernoulliProbit('y', { eta: 'eta', trials: 'n' } as never),
      'has no trials: only a binomialLogit or betaBinomial response counts successes among trials; accepted: weights',
    ],
    [
      'trials of a gaussian response',
      () => gaussian('y', { eta: 'eta', sigma: 's', trials: 'n' } as never),
      'has no trials',
    ],
    ['empty trials', () => binomialLogit('y', { eta: 'eta', trials: ' ' }), 'trials must be a text, not " "'],
    ['both se and weights', () => gaussian('y', { eta: 'eta', se: 'e', weights: 'w' }), 'give one'],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(ModelError);
    expect(build).toThrow(message);
    expect(build).toThrow(expect.objectContaining({ code: 'invalid-node' }));
  });

  it('leave out what is not given, so that JSON loses nothing', () => {
    const nodes = [
      population({ terms: ['1'], coef: 'beta' }),
      group({ by: 'g', terms: ['1'], cov: 'Sigma_g' }),
      gaussian('y', { eta: 'eta', sigma: 'sigma' }),
      binomialLogit('y', { eta: 'eta' }),
      binomialLogit('y', { weights: 'w', trials: 'n', eta: 'eta' }),
      bernoulliProbit('y', { eta: 'eta', weights: 'w' }),
    ];
    expect(JSON.stringify(nodes[4])).toBe(
      '{"kind":"response","family":"binomialLogit","column":"y","eta":"eta","trials":"n","weights":"w"}',
    );
    for (const node of nodes) expect(JSON.parse(JSON.stringify(node))).toStrictEqual(node);
    expect(linearPredictor('a', { offset: ['log(n)'] })).toStrictEqual({
      kind: 'linearPredictor',
      sum: ['a'],
      offset: ['log(n)'],
    });
    expect(linearPredictor('a', { offset: [] })).toStrictEqual({ kind: 'linearPredictor', sum: ['a'] });
  });
});
