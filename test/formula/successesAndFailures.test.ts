import { describe, expect, it } from 'vitest';
import { voters } from '../../src/datasets/index.ts';
import { formula, sampleSync, summarize } from '../../src/index.ts';
import { faultOf } from '../faultOf.ts';

const binomial = { family: 'binomial' } as const;

describe('cbind(successes, failures)', () => {
  it.each([
    ['cbind(yes, n - yes) ~ x', 'yes | trials(n) ~ x'],
    ['cbind(yes, (m + k) - yes) ~ x + (1 | g)', 'yes | trials(m + k) ~ x + (1 | g)'],
    ['cbind(yes, no) ~ x', 'yes | trials(yes + no) ~ x'],
    ['cbind(`a b`, no) | weights(w) ~ x', '`a b` | trials(`a b` + no) + weights(w) ~ x'],
  ])('%s is %s', (written, meant) => {
    expect(formula(written, binomial)).toEqual(formula(meant, binomial));
  });

  it('has the draws of the model with trials', () => {
    const options = { ...binomial, seed: 3, iterations: 20, warmup: 20 };
    const one = sampleSync('cbind(yes, n - yes) ~ income + (1 | state)', voters, options);
    const other = sampleSync('yes | trials(n) ~ income + (1 | state)', voters, options);
    expect(summarize(one).map(({ mean }) => mean)).toEqual(summarize(other).map(({ mean }) => mean));
  });

  it.each([
    ['cbind(yes, no) | trials(n) ~ x', binomial, 'cbind(...) says the trials already'],
    ['cbind(yes) ~ x', binomial, 'as in cbind(successes, failures)'],
    ['cbind(yes, no, maybe) ~ x', binomial, 'to close cbind('],
    ['cbind(yes, no) ~ x', {}, 'trials(...) belongs to'],
    ['y ~ cbind(yes, no)', binomial, 'there is no function cbind'],
  ])('%s is refused', (written, options, sentence) => {
    expect(faultOf(() => formula(written, options)).message).toContain(sentence);
  });
});

describe('a grouping factor', () => {
  it('may be written factor(id), and a single column may have ":" in its name', () => {
    expect(formula('y ~ (1 | factor(id))')).toEqual(formula('y ~ (1 | id)'));
    const rows = { y: [1, 2, 4, 7, 3, 2], 'a:b': ['p', 'p', 'q', 'q', 'r', 'r'] };
    const fit = sampleSync('y ~ 1 + (1 | `a:b`)', rows, { seed: 1, iterations: 10, warmup: 10 });
    expect(fit.design.groupTerms[0]!.levels).toEqual(['p', 'q', 'r']);
  });

  it.each([
    ['y ~ (1 | factor(id, ref = "a"))', 'a grouping factor has no reference level'],
    ['y ~ (1 | `a:b`:c)', 'no ":" in its name'],
    ['y ~ (1 | a/`b:c`)', 'no ":" in its name'],
    ['y ~ (1 | factor())', 'a column, as in (1 | factor(id))'],
  ])('%s is refused', (written, sentence) => {
    expect(faultOf(() => formula(written)).message).toContain(sentence);
  });
});

describe('a family that is called otherwise', () => {
  it.each([
    ['bernoulli', 'binomial'],
    ['logit', 'binomial'],
    ['Logistic', 'binomial'],
    ['t', 'student'],
    ['student_t', 'student'],
    ['normal', 'gaussian'],
    ['Poisson', 'poisson'],
    ['binomal', 'binomial'],
  ])('%s is understood', (family, meant) => {
    const { message } = faultOf(() => formula('y ~ x', { family: family as 'gaussian' }));
    expect(message).toContain(`there is no family "${family}"; did you mean "${meant}"? Accepted: `);
  });

  it('is not guessed where nothing is near', () => {
    expect(faultOf(() => formula('y ~ x', { family: 'tweedie' as 'gaussian' })).message).not.toContain('did you mean');
  });
});
