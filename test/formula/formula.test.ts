import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { graphFromJson, modelGraph } from '../../src/graph/modelGraph.ts';
import type { GraphNode } from '../../src/graph/node.ts';
import { bernoulliProbit, binomialLogit, gaussian, group, linearPredictor, population } from '../../src/graph/nodes.ts';
import { defaultPrior, halfT, halfTCov, normal } from '../../src/graph/priors.ts';

const nodesOf = (text: string, options?: FormulaOptions): ReadonlyMap<string, GraphNode> =>
  new Map(Object.entries(formula(text, options).nodes));

const termsOf = (text: string): readonly string[] | undefined => {
  const node = nodesOf(text).get('population');
  return node?.kind === 'population' ? node.terms : undefined;
};

const groupsOf = (text: string, options?: FormulaOptions): readonly (readonly [string, GraphNode])[] =>
  [...nodesOf(text, options)].filter(([, node]) => node.kind === 'group');

describe('formula', () => {
  it('gives the radon graph of the design page, deep-equal to the one built by hand', () => {
    const radon = formula('log_radon ~ floor + (1 + floor | county)', {
      level2: { county: '~ log_uranium' },
      priors: { sigma: halfT(3, 1), gamma_county: normal(0, 5), Sigma_county: halfTCov(2, 1) },
    });
    const same = modelGraph({
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
    expect(radon).toStrictEqual(same);
    expect(JSON.stringify(radon)).toBe(JSON.stringify(same));
  });

  it('gives the same graph when the cross-level products are spelled out and claimed by level2', () => {
    const options = { level2: { county: '~ log_uranium' } };
    const short = formula('log_radon ~ floor + (1 + floor | county)', options);
    expect(formula('log_radon ~ log_uranium * floor + (floor | county)', options)).toStrictEqual(short);
    expect(formula('log_radon ~ 0 + (floor | county)', options)).toStrictEqual(short);
  });

  it('names the nodes of the plain spelling and gives every prior not given as a default', () => {
    expect(formula('log_radon ~ floor * log_uranium + (1 + floor | county)')).toStrictEqual(
      modelGraph({
        beta: defaultPrior(),
        Sigma_county: defaultPrior(),
        sigma: defaultPrior(),
        population: population({ terms: ['1', 'floor', 'log_uranium', 'floor:log_uranium'], coef: 'beta' }),
        u_county: group({ by: 'county', terms: ['1', 'floor'], cov: 'Sigma_county' }),
        eta: linearPredictor('population', 'u_county'),
        log_radon: gaussian('log_radon', { eta: 'eta', sigma: 'sigma' }),
      }),
    );
  });

  it('leaves out sigma where the standard errors are known', () => {
    expect(formula('y | se( s ) ~ 1 + (1 | school)')).toStrictEqual(
      modelGraph({
        beta: defaultPrior(),
        Sigma_school: defaultPrior(),
        population: population({ terms: ['1'], coef: 'beta' }),
        u_school: group({ by: 'school', terms: ['1'], cov: 'Sigma_school' }),
        eta: linearPredictor('population', 'u_school'),
        y: gaussian('y', { eta: 'eta', se: 's' }),
      }),
    );
  });

  it('reads response expressions, weights and offsets in canonical text', () => {
    const nodes = nodesOf('log( y+1 ) | weights( 1/v ) ~ x + offset(log( n )) + offset(log(n))');
    expect(nodes.get('log(y + 1)')).toEqual(gaussian('log(y + 1)', { eta: 'eta', sigma: 'sigma', weights: '1/v' }));
    expect(nodes.get('eta')).toEqual(linearPredictor('population', { offset: ['log(n)'] }));
  });

  it('has no population node where nothing is left for it', () => {
    expect(nodesOf('y ~ 0 + (1 | g)').has('population')).toBe(false);
    expect(nodesOf('y ~ 0 + (1 | g)').has('beta')).toBe(false);
  });

  it('gives | an implied intercept unless it is taken out, and || a diagonal covariance', () => {
    expect(groupsOf('y ~ 1 + (x | g)')).toEqual([['u_g', group({ by: 'g', terms: ['1', 'x'], cov: 'Sigma_g' })]]);
    expect(groupsOf('y ~ 1 + (0 + x | g)')).toEqual([['u_g', group({ by: 'g', terms: ['x'], cov: 'Sigma_g' })]]);
    expect(groupsOf('y ~ 1 + (x - 1 | g)')).toEqual([['u_g', group({ by: 'g', terms: ['x'], cov: 'Sigma_g' })]]);
    expect(groupsOf('y ~ 1 + (x*z || g)')).toEqual([
      ['u_g', group({ by: 'g', terms: ['1', 'x', 'z', 'x:z'], cov: 'Sigma_g', structure: 'diagonal' })],
    ]);
    expect(formula('y ~ (1 || g)')).toStrictEqual(formula('y ~ (1 | g)'));
  });

  it('nests grouping factors by / and names an interaction factor by its columns', () => {
    const names = (text: string): readonly unknown[] =>
      groupsOf(text).map(([name, node]) => [name, node.kind === 'group' && node.by, node.kind === 'group' && node.cov]);
    expect(names('y ~ (1 | a/b)')).toEqual([
      ['u_a', 'a', 'Sigma_a'],
      ['u_a:b', 'a:b', 'Sigma_a:b'],
    ]);
    expect(names('y ~ (1 | a/b/c)').map((row) => (row as string[])[1])).toEqual(['a', 'a:b', 'a:b:c']);
    expect(names('y ~ (1 | a:b/c)').map((row) => (row as string[])[1])).toEqual(['a:b', 'a:b:c']);
    expect(formula('y ~ (1 | a/b)')).toStrictEqual(formula('y ~ (1 | a) + (1 | a:b)'));
    expect(names('y ~ (1 | `my school`) + (1 | time)')).toEqual([
      ['u_my school', 'my school', 'Sigma_my school'],
      ['u_time', 'time', 'Sigma_time'],
    ]);
  });

  it('numbers the varying parts of one factor, whatever the order of its columns, past names that are taken', () => {
    const names = groupsOf('y ~ (1 | g) + (0 + x | g) + (0 + z | g)').map(([name]) => name);
    expect(names).toEqual(['u_g', 'u_g_2', 'u_g_3']);
    expect(
      groupsOf('y ~ (1 | a:b) + (0 + x | b:a)').map(([name, node]) => [name, node.kind === 'group' && node.by]),
    ).toEqual([
      ['u_a:b', 'a:b'],
      ['u_a:b_2', 'a:b'],
    ]);
    expect(groupsOf('y ~ (1 | g) + (0 + x | g) + (1 | g_2)').map(([name]) => name)).toEqual(['u_g', 'u_g_3', 'u_g_2']);
  });

  it('names the response node "response" where its text is the name of another node', () => {
    for (const column of ['eta', 'beta', 'sigma', 'population', 'u_g', 'Sigma_g']) {
      expect(nodesOf(`${column} ~ x + (1 | g)`).get('response')).toMatchObject({ kind: 'response', column });
    }
  });

  it('keeps . in its place with what was taken out of it', () => {
    expect(nodesOf('y ~ x:z + a + . - age + (1 | g)').get('population')).toEqual(
      population({ terms: ['1', 'a', '.', 'x:z'], except: ['age'], coef: 'beta' }),
    );
    expect(nodesOf('y ~ .').get('population')).toEqual(population({ terms: ['1', '.'], coef: 'beta' }));
    expect(nodesOf('y ~ w + . - 1 + (1 | g)', { level2: { g: '~ w' } }).get('population')).toEqual(
      population({ terms: ['.'], coef: 'beta' }),
    );
  });

  it('orders the products of population and varying terms alike, by first appearance', () => {
    expect(termsOf('y ~ b*a')).toEqual(['1', 'b', 'a', 'b:a']);
    expect(groupsOf('y ~ b + (a:b | g)')).toEqual([['u_g', group({ by: 'g', terms: ['1', 'b:a'], cov: 'Sigma_g' })]]);
  });

  it('takes columns named like properties of objects for what they are', () => {
    const graph = formula('__proto__ ~ constructor + (hasOwnProperty | toString)', {
      level2: { toString: { 1: '~ valueOf', hasOwnProperty: '~ 1' } },
    });
    expect(isDeepStrictEqual(graphFromJson(JSON.parse(JSON.stringify(graph))), graph)).toBe(true);
    expect(new Map(Object.entries(graph.nodes)).get('__proto__')).toMatchObject({ column: '__proto__' });
    const odd = formula('y ~ (__proto__ | __proto__)', {
      level2: JSON.parse('{"__proto__":{"1":"~ 1","__proto__":"~ w"}}'),
    });
    const node = new Map(Object.entries(odd.nodes)).get('b___proto__');
    expect(node?.kind === 'group' && new Map(Object.entries(node.level2!)).get('__proto__')).toEqual(['1', 'w']);
    expect(isDeepStrictEqual(graphFromJson(JSON.parse(JSON.stringify(odd))), odd)).toBe(true);
  });
});

describe('formula with level-2 regressions', () => {
  it('accepts one for each varying term: means as outcomes', () => {
    const nodes = nodesOf('y ~ floor + age + (floor | county)', {
      level2: { county: { 1: '~ log_uranium', floor: '~ 1' } },
    });
    expect(nodes.get('b_county')).toEqual(
      group({
        by: 'county',
        terms: ['1', 'floor'],
        level2: { 1: ['1', 'log_uranium'], floor: ['1'] },
        mean: 'gamma_county',
        cov: 'Sigma_county',
      }),
    );
    expect(nodes.get('population')).toMatchObject({ terms: ['age'] });
  });

  it('leaves in the population what is no product of a varying and a level-2 term', () => {
    const nodes = nodesOf('y ~ x + x:w + v + (x | g)', { level2: { g: { 1: '~ w', x: '~ 0' } } });
    expect(nodes.get('population')).toMatchObject({ terms: ['x', 'v', 'x:w'] });
    expect(nodes.get('b_g')).toMatchObject({ level2: { 1: ['1', 'w'], x: [] } });
  });

  it('treats each factor by itself', () => {
    const groups = groupsOf('y ~ x + (1 | a/b) + (1 | c)', { level2: { 'b:a': '~ w:v', c: '~ 1' } });
    expect(groups.map(([name, node]) => [name, node.kind === 'group' && node.level2])).toEqual([
      ['u_a', undefined],
      ['b_a:b', ['1', 'w:v']],
      ['b_c', ['1']],
    ]);
  });

  it('holds for every varying part of the factor: one gamma, shared', () => {
    const nodes = nodesOf('y ~ x + (1 | g) + (0 + x | g)', { level2: { g: '~ w' } });
    expect([...nodes.keys()]).toEqual(['gamma_g', 'Sigma_g', 'Sigma_g_2', 'sigma', 'b_g', 'b_g_2', 'eta', 'y']);
    expect(nodes.get('b_g')).toMatchObject({ terms: ['1'], mean: 'gamma_g', cov: 'Sigma_g' });
    expect(nodes.get('b_g_2')).toMatchObject({ terms: ['x'], mean: 'gamma_g', cov: 'Sigma_g_2' });
  });

  it.each<[string, FormulaOptions['level2'], string]>([
    [
      'y ~ (1 | county)',
      { conty: '~ w' },
      'level2.conty: the formula has no grouping factor "conty"; grouping factors: county',
    ],
    ['y ~ x', { g: '~ w' }, 'the formula has no varying part'],
    ['y ~ (x | g)', { g: { 1: '~ w' } }, 'level2.g: the varying term "x" is missing; give it "~ 1"'],
    ['y ~ (x | g)', { g: { 1: '~ w', z: '~ 1' } }, 'level2.g: "z" is not a varying term; varying are "1", "x"'],
    ['y ~ (1 | g)', { g: '~ 0' }, 'level2.g: "~ 0" has no terms; leave it out'],
    ['y ~ (1 | g)', { g: { 1: '~ 0' } }, 'no varying term has level-2 terms'],
    ['y ~ (1 | g)', { g: 'w' }, 'level2.g: expected "~" before the terms, as in ~ x, found w'],
    ['y ~ (1 | g)', { g: '~ w + (1 | h)' }, 'a level-2 regression has no offset and no varying part'],
    ['y ~ (1 | g)', { g: '~ .' }, "'.' stands only among the population terms"],
    ['y ~ (1 | g)', { g: 3 as never }, 'level2.g: expected a text such as "~ w"'],
    ['y ~ (1 | g)', { g: { 1: 3 as never } }, 'level2.g: 1 must be a text such as "~ w", not 3'],
    ['y ~ (1 | a:b)', { 'a:b': '~ w', 'b:a': '~ w' }, 'given twice for the factor a:b'],
    ['y ~ (1 | g)', { g: '~ y' }, '"y" is in the response'],
  ])('%s refuses level2 %j', (text, level2, message) => {
    expect(() => formula(text, { level2 })).toThrow(ModelError);
    expect(() => formula(text, { level2 })).toThrow(message);
  });
});

describe('formula options', () => {
  it.each<[FormulaOptions, string]>([
    [{ prior: {} } as never, 'formula: there is no option "prior"; did you mean "priors"?'],
    [{ priors: 'sigma' as never }, 'priors must be an object, not "sigma"'],
    [
      { family: 'tweedie' as never },
      'there is no family "tweedie"; accepted: "gaussian", "studentT", "student", "binomialLogit", "binomial",',
    ],
    [null as never, 'options must be an object, not null'],
  ])('refuses %j', (options, message) => {
    expect(() => formula('y ~ x', options)).toThrow(message);
  });

  it('refuses what is no text', () => {
    expect(() => formula(undefined as never)).toThrow('expected a text such as "y ~ x + (1 | g)", not undefined');
  });
});

describe('formula of a binomial or probit model', () => {
  it('has successes among trials and no sigma, deep-equal to the one built by hand', () => {
    const votes = formula('dem | trials( n ) + weights(w) ~ income + (1 | state)', { family: 'binomial' });
    expect(votes).toStrictEqual(
      modelGraph({
        beta: defaultPrior(),
        Sigma_state: defaultPrior(),
        population: population({ terms: ['1', 'income'], coef: 'beta' }),
        u_state: group({ by: 'state', terms: ['1'], cov: 'Sigma_state' }),
        eta: linearPredictor('population', 'u_state'),
        dem: binomialLogit('dem', { eta: 'eta', trials: 'n', weights: 'w' }),
      }),
    );
    expect(formula('dem | weights(w) + trials(n) ~ income + (1 | state)', { family: 'binomialLogit' })).toStrictEqual(
      votes,
    );
    expect(graphFromJson(JSON.parse(JSON.stringify(votes)))).toStrictEqual(votes);
  });

  it('takes the probit link by either spelling of the family', () => {
    expect(nodesOf('vote | weights(w) ~ x', { family: 'probit' }).get('vote')).toEqual(
      bernoulliProbit('vote', { eta: 'eta', weights: 'w' }),
    );
    expect(formula('vote ~ x', { family: 'bernoulliProbit' })).toStrictEqual(formula('vote ~ x', { family: 'probit' }));
  });

  it.each<[string, FormulaOptions, string]>([
    [
      'y | se(s) ~ x',
      { family: 'binomial' },
      'se(...) belongs to the family gaussian; the variance of binomialLogit follows',
    ],
    [
      'y | se(s) ~ x',
      { family: 'probit' },
      'se(...) belongs to the family gaussian; the variance of bernoulliProbit follows',
    ],
    ['y | trials(n) ~ x', { family: 'probit' }, 'trials(...) belongs to the families binomialLogit'],
    [
      'y | trials(n) ~ x',
      {},
      'trials(...) belongs to the families binomialLogit (in short binomial) and betaBinomial (in short betabinomial), and the family is gaussian',
    ],
    [
      'y ~ x',
      { family: 'probit', priors: { sigma: halfT(3, 1) } },
      'the model has no "sigma" (the family bernoulliProbit has no residual sd)',
    ],
  ])('refuses %s with %j', (text, options, message) => {
    expect(() => formula(text, options)).toThrow(ModelError);
    expect(() => formula(text, options)).toThrow(message);
  });
});
