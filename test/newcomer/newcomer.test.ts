import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { hsb, radon, sleepstudy, voters } from '../../src/datasets/index.ts';
import {
  check,
  coef,
  compareModels,
  compareModelsText,
  draws,
  extend,
  type Fit,
  fixef,
  formula,
  fromJson,
  halfT,
  hypothesis,
  icc,
  intervals,
  likelihoodRatio,
  maximumLikelihood,
  maximumLikelihoodText,
  normal,
  odds,
  parseCsv,
  poststratify,
  predict,
  ranef,
  sample,
  sampleSync,
  shrinkage,
  summarize,
  summaryText,
  toJson,
  varCorr,
} from '../../src/index.ts';
import { plotShrinkage, toSvg } from '../../src/plots/index.ts';
import { faultOf } from '../faultOf.ts';

// Twenty tasks of somebody who knows lme4, brms or JavaScript and has read the README: the code that is written first,
// and what it gives. Numbers of R are those that lme4 1.1
// prints, to the digits to which its search is good.

const short = { warmup: 300, iterations: 500, seed: 1 };
const model = 'Reaction ~ Days + (Days | Subject)';

/** What a JavaScript caller gets who wrote what does not compile. */
const untyped = (call: (...given: never[]) => unknown, ...given: readonly unknown[]): string =>
  faultOf(() => Reflect.apply(call, undefined, given)).message;

describe('a newcomer', () => {
  let fit: Fit<'gaussian'>;
  beforeAll(async () => {
    fit = await sample(model, sleepstudy, short);
  });
  const reml = maximumLikelihood(model, sleepstudy);
  const ml = maximumLikelihood(model, sleepstudy, { method: 'ML' });

  it('1. fits a list of row objects by a text', async () => {
    const rows = radon.county.map((county, i) => ({ county, floor: radon.floor[i]!, log_radon: radon.log_radon[i]! }));
    const houses = await sample('log_radon ~ floor + (1 | county)', rows, { chains: 2, warmup: 100, iterations: 100 });
    const columns = sampleSync('log_radon ~ floor + (1 | county)', radon, { chains: 2, warmup: 100, iterations: 100 });
    expect(houses.draws.values).toEqual(columns.draws.values);
    const forgotten = sample('log_radon ~ floor', rows, { chains: 1, warmup: 4, iterations: 4 });
    expect(untyped(summarize, forgotten)).toMatch(/promise of one; write await sample\(\.\.\.\)/);
    await forgotten;
  });

  it('2. reads a CSV file', () => {
    const text = readFileSync('examples/data/sleepstudy.csv', 'utf8');
    expect(maximumLikelihood(model, parseCsv(text)).deviance).toBe(reml.deviance);
    expect(untyped(parseCsv, 'sleepstudy.csv')).toMatch(/"sleepstudy\.csv", which looks like the name of a file/);
    expect(untyped(maximumLikelihood, model, 'sleepstudy.csv')).toMatch(/parseCsv makes a table/);
  });

  it('3. reads the coefficients of lmer', () => {
    const [intercept, days] = fixef(reml);
    expect(intercept!.estimate).toBeCloseTo(251.40510485, 5);
    expect(intercept!.se).toBeCloseTo(6.8246, 3);
    expect(days!.estimate).toBeCloseTo(10.46728596, 6);
    expect(reml.deviance).toBeCloseTo(1743.628272, 5);
    expect(maximumLikelihoodText(reml)).toContain('REML fit to 180 rows in 18 Subject');
  });

  it('4. reads ranef and coef of one subject', () => {
    const first = ranef(reml)
      ['Subject']!.slice(0, 2)
      .map(({ mode }) => mode);
    expect(first[0]).toBeCloseTo(2.25855, 3);
    expect(first[1]).toBeCloseTo(9.198976, 3);
    const lines = coef(reml)
      ['Subject']!.filter(({ level }) => level === '308')
      .map(({ estimate }) => estimate);
    expect(lines[0]).toBeCloseTo(253.66366, 3);
    expect(lines[1]).toBeCloseTo(19.66626, 3);
  });

  it('5. reads VarCorr', () => {
    const found = Object.fromEntries(varCorr(reml).map((row) => [`${row.factor} ${row.term1} ${row.term2}`, row]));
    expect(found['Subject Intercept null']!.sd).toBeCloseTo(24.74066, 2);
    expect(found['Subject Days null']!.sd).toBeCloseTo(5.922138, 3);
    expect(found['Subject Intercept Days']!.corr).toBeCloseTo(0.0655512, 4);
    expect(found['Residual null null']!.sd).toBeCloseTo(25.5918, 3);
  });

  it('6. compares two models as anova does', () => {
    const simple = maximumLikelihood('Reaction ~ Days + (1 | Subject)', sleepstudy, { method: 'ML' });
    const { chiSquare, df, pValue } = likelihoodRatio(simple, ml);
    expect(chiSquare).toBeCloseTo(42.1393, 3);
    expect(df).toBe(2);
    expect(pValue! / 7.0724e-10).toBeCloseTo(1, 3);
    expect(untyped(maximumLikelihood, model, sleepstudy, { REML: false })).toMatch(/did you mean "method"/);
  });

  it('7. asks for confidence intervals as confint does', () => {
    const rows = Object.fromEntries(
      intervals(ml, { method: 'profile', level: 0.95 }).map((row) => [row.parameter, row]),
    );
    // R interpolates the profile by splines, which is good to three digits of these.
    const expected = { sigma: [22.8983, 28.858], 'tau_Subject[Days]': [3.80116, 8.75338] } as const;
    for (const [name, [low, high]] of Object.entries(expected)) {
      expect(rows[name]!.lower! / low).toBeCloseTo(1, 3);
      expect(rows[name]!.upper! / high).toBeCloseTo(1, 3);
    }
    expect(intervals(ml)).toEqual(intervals(ml, { method: 'profile', level: 0.9 }));
  });

  it('8. predicts a known group and a new one', () => {
    const newdata = [
      { Days: 10, Subject: '308' },
      { Days: 10, Subject: 'someone new' },
    ];
    const [known, fresh] = predict(reml, newdata).rows;
    expect(known!.estimate).toBeCloseTo(450.32627, 3);
    expect(fresh!.estimate).toBeCloseTo(356.07796, 4);
    expect(fresh!.se).toBeGreaterThan(2 * known!.se);
    const [drawn, drawnFresh] = predict(fit, newdata).rows;
    expect(Math.abs(drawn!.mean - known!.estimate)).toBeLessThan(drawn!.sd);
    expect(drawnFresh!.sd).toBeGreaterThan(2 * drawn!.sd);
    expect(untyped(predict, fit, newdata, { re_formula: null })).toMatch(/did you mean "groups"/);
    expect(untyped(predict, fit, newdata, { type: 'response' })).toMatch(/did you mean "kind"/);
    expect(untyped(predict, fit, newdata, { allow_new_levels: true })).toMatch(/did you mean "newGroups"/);
    expect(predict(reml, [{ Days: 10, Subject: 308 }]).rows[0]!.estimate).toBe(known!.estimate);
    const mixed = [{ Days: 10, Subject: 308 }, newdata[1]!];
    expect(untyped(predict, fit, mixed)).toMatch(/mixes numbers and text: 308 in row 1, "someone new" in row 2/);
    expect(untyped(predict, fit, [{ Subject: 308 }])).toMatch(/column "Days" is not in newdata/);
  });

  it('9. fits successes and failures as glmer does', () => {
    const cbpp = parseCsv(readFileSync('test/fixtures/data/cbpp.csv', 'utf8'));
    const text = 'cbind(incidence, size - incidence) ~ factor(period) + (1 | herd)';
    const glmer = maximumLikelihood(text, cbpp, { family: 'binomial' });
    // lme4 with tolPwrss = 1e-13, and glmmTMB; lme4's default stops 6e-4 short, with a deviance of 184.0531.
    const expected = [-1.3985321, -0.9923328, -1.1286721, -1.580314];
    fixef(glmer).forEach(({ estimate }, k) => {
      expect(estimate).toBeCloseTo(expected[k]!, 5);
    });
    expect(glmer.deviance).toBeCloseTo(184.0525637, 6);
    expect(varCorr(glmer)[0]!.sd).toBeCloseTo(0.6422614, 5);
    expect(untyped(maximumLikelihood, text, cbpp, { family: 'binomial', nAGQ: 9 })).toMatch(/did you mean "points"/);
  });

  it('10. calls options as other programs call them', async () => {
    const asked = async (name: string): Promise<string> => {
      const given: object = { [name]: 4 };
      return sample(model, sleepstudy, given).then(String, ({ message }: Error) => message);
    };
    // lme4, brms, rstanarm, cmdstan, PyMC, bambi, NumPyro, statsmodels, and habits of JavaScript.
    const meant: Readonly<Record<string, string>> = {
      iterations: 'draws iter samples n_samples num_samples numSamples ndraws n_draws iter_sampling nsim Iterations',
      warmup: 'burnin n_burnin burnIn tune iter_warmup num_warmup adapt',
      thin: 'thinning n.thin',
      workers: 'cores parallel mc_cores parallel_chains n_jobs nthreads numWorkers',
      chains: 'nChains num_chains chain',
      seed: 'random_seed randomSeed set_seed random_state rng',
      onProgress: 'progress progressbar progress_bar verbose refresh silent callback',
      signal: 'abortSignal timeout',
      missing: 'na_action na.rm dropna',
      priors: 'prior prior_intercept',
      family: 'likelihood link',
      kernels: 'step algorithm',
      keep: 'save_pars pars var_names',
      residual: 'autocor correlation',
    };
    for (const [own, others] of Object.entries(meant))
      for (const name of others.split(' ')) expect(await asked(name)).toContain(`did you mean "${own}"?`);
    // Beside a text, the options of the formula are accepted too.
    expect(await asked('adapt_delta')).toMatch(/accepted: .*iterations.*family/);
    // Nothing is guessed where nothing is near.
    expect(await asked('adapt_delta')).toMatch(/there is no option "adapt_delta"; accepted:/);
    expect(untyped(summarize, fit, { quantiles: [0.1] })).toMatch(/did you mean "probs"/);
  });

  it('11. calls families as other programs call them', () => {
    const meant = (family: string): string => untyped(formula, 'y ~ x + (1 | g)', { family });
    for (const name of ['bernoulli', 'logit', 'logistic']) expect(meant(name)).toMatch(/did you mean "binomial"\?/);
    for (const name of ['t', 'student_t']) expect(meant(name)).toMatch(/did you mean "student"\?/);
    expect(meant('normal')).toMatch(/did you mean "gaussian"\?/);
    expect(meant('gamma')).not.toMatch(/did you mean/);
  });

  it('12. gives priors, rightly and as brms names them', () => {
    const nodes = formula(model, { priors: { sigma: halfT(3, 50), 'beta[Days]': normal(0, 20) } }).nodes;
    expect(nodes['sigma']).toMatchObject({ distribution: 'halfT', df: 3, scale: 50 });
    const meant = (name: string): string => untyped(formula, model, { priors: { [name]: normal(0, 1) } });
    expect(meant('Days')).toMatch(/did you mean "beta\[Days\]"\?/);
    expect(meant('b_Days')).toMatch(/did you mean "beta\[Days\]"\?/);
    expect(meant('Intercept')).toMatch(/did you mean "beta\[Intercept\]"\?/);
    expect(meant('(Intercept)')).toMatch(/did you mean "beta\[Intercept\]"\?/);
    expect(meant('b')).toMatch(/did you mean "beta"\?/);
    expect(meant('sd')).toMatch(/did you mean "tau_Subject"\?/);
    expect(meant('cor')).toMatch(/did you mean "corr_Subject"\?/);
    expect(meant('x')).not.toMatch(/did you mean/);
    expect(meant('sigma')).toMatch(/sigma .* is the prior normal; accepted: the prior of one sd/);
  });

  it('13. takes the draws of one parameter, and of all', () => {
    const chains = draws(fit, 'beta[Days]');
    expect(chains.map(({ length }) => length)).toEqual([500, 500, 500, 500]);
    const row = summarize(fit, { variables: ['beta[Days]'] })[0]!;
    const all = chains.flatMap((chain) => [...chain]);
    expect(all.reduce((sum, value) => sum + value, 0) / 2000).toBeCloseTo(row.mean, 10);
    const columns = draws(fit);
    expect(columns['beta[Days]']).toHaveLength(2000);
    expect(columns['chain']).toHaveLength(2000);
    expect(untyped(draws, fit, 'Days')).toMatch(/did you mean "beta\[Days\]"\?/);
    expect(untyped(draws, fit, 'b_Intercept')).toMatch(/did you mean "beta\[Intercept\]"\?/);
  });

  it('14. reads the posterior, which agrees with the balanced data', () => {
    // Every subject has the same days, so that the posterior means of the line are least squares, whatever the spread.
    const rows = summarize(fit, { variables: ['beta'] });
    expect(Math.abs(rows[0]!.mean - 251.40510485)).toBeLessThan(4 * rows[0]!.mcseMean);
    expect(Math.abs(rows[1]!.mean - 10.46728596)).toBeLessThan(4 * rows[1]!.mcseMean);
    expect(check(fit).ok).toBe(true);
    expect(summaryText(rows)).toMatch(/^variable +mean +sd/);
  });

  it('15. asks how probable it is', () => {
    expect(hypothesis(fit, 'Days > 0').probability).toBe(1);
    const share =
      draws(fit, 'beta[Days]')
        .flatMap((chain) => [...chain])
        .filter((value) => value > 10).length / 2000;
    expect(hypothesis(fit, 'Days > 10').probability).toBeCloseTo(share, 12);
    const [row] = icc(fit);
    expect(row!.estimate).toBeGreaterThan(0.2);
    expect(row!.estimate).toBeLessThan(0.8);
  });

  it('16. compares two fits by leave-one-out', async () => {
    const simple = await sample('Reaction ~ Days + (1 | Subject)', sleepstudy, short);
    const { models } = compareModels(fit, simple);
    // rstanarm's loo of the two gives a difference of about 23 with a standard error of about 11.
    expect(models[0]!.elpd - models[1]!.elpd).toBeGreaterThan(15);
    expect(compareModelsText(compareModels({ slopes: fit, levels: simple }))).toContain('slopes');
  });

  it('17. sees what partial pooling did, in numbers and in a picture', () => {
    const { rows } = shrinkage(fit, 'Subject');
    expect(rows).toHaveLength(36);
    for (const { noPooling, partialPooling, populationLine, term } of rows.filter((row) => row.term === 'Days')) {
      expect(term).toBe('Days');
      expect(Math.abs(partialPooling - populationLine)).toBeLessThan(Math.abs(noPooling! - populationLine) + 2);
    }
    expect(toSvg(plotShrinkage(fit, 'Subject'))).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    expect(untyped(shrinkage, fit, 'subject')).toMatch(
      /"subject" is no grouping factor of the model; the model has Subject/,
    );
  });

  it('18. keeps a fit, reads it again and draws more', async () => {
    const again = fromJson(toJson(fit));
    expect(summarize(again)).toEqual(summarize(fit));
    const longer = await extend(again, 100);
    expect(longer.draws.iterations).toBe(600);
  });

  it('19. has missing values, and columns that are not there', () => {
    const holes = { ...sleepstudy, Days: sleepstudy.Days.map((day, i) => (i % 60 === 7 ? Number.NaN : day)) };
    expect(untyped(maximumLikelihood, model, holes)).toMatch(/^3 of the 180 rows have missing values.*missing: 'drop'/);
    const dropped = maximumLikelihood(model, holes, { missing: 'drop' });
    expect([dropped.design.n, dropped.design.dropped]).toEqual([177, 3]);
    expect(untyped(maximumLikelihood, 'Reaction ~ Day + (1 | Subject)', sleepstudy)).toMatch(/"Day" .*nearest.*"Days"/);
    const typed = { ...sleepstudy, Days: sleepstudy.Days.map((day) => `${day} d`) };
    expect(maximumLikelihood('Reaction ~ Days', typed).fixef.labels).toContain('Days1 d');
  });

  it('20. writes formulas by habit', () => {
    const same = JSON.stringify(formula('y ~ x + (1 | id)'));
    expect(JSON.stringify(formula('y ~ 1 + x + (1 | factor(id))'))).toBe(same);
    const columns = { y: [1, 2, 3, 5, 8, 13], 'a:b': ['p', 'p', 'q', 'q', 'r', 'r'] };
    expect(maximumLikelihood('y ~ 1 + (1 | `a:b`)', columns).groups[0]!.J).toBe(3);
    const fault = (text: string): string => untyped(formula, text);
    expect(fault('y = x + (1 | g)')).toMatch(/expected "~"/);
    expect(fault('y ~ x + 1 | g')).toMatch(/stands in parentheses, as in \(1 \+ x \| g\)/);
    expect(fault('y ~ x + x**2 + (1 | g)')).toMatch(/a power is written \^, as in I\(x\^2\)/);
    expect(fault('y ~ C(x) + (1 | g)')).toMatch(/did you mean factor\?/);
    expect(fault('y ~ as.factor(x) + (1 | g)')).toMatch(/did you mean factor\?/);
    expect(fault('y ~ s(x) + (1 | g)')).toMatch(/there is no function s; accepted:/);
    // A condition, in a term and as an answer, is a column of 0 and 1; new rows may have levels that the fit has not.
    const late = { ...sleepstudy, late: sleepstudy.Days.map((day) => (day > 3 ? 1 : 0)) };
    const written = maximumLikelihood('Reaction ~ I(Days > 3) + I(Subject == "308") + (1 | Subject)', sleepstudy);
    const made = { ...late, first: sleepstudy.Subject.map((subject) => (subject === '308' ? 1 : 0)) };
    expect(written.deviance).toBe(maximumLikelihood('Reaction ~ late + first + (1 | Subject)', made).deviance);
    expect(predict(written, [{ Days: 5, Subject: 'new' }]).rows[0]!.estimate).toBeCloseTo(
      written.fixef.estimates[0]! + written.fixef.estimates[1]!,
      10,
    );
    const slow = { ...sleepstudy, slow: sleepstudy.Reaction.map((time) => (time > 300 ? 1 : 0)) };
    expect(maximumLikelihood('Reaction > 300 ~ Days + (1 | Subject)', slow, { family: 'binomial' }).deviance).toBe(
      maximumLikelihood('slow ~ Days + (1 | Subject)', slow, { family: 'binomial' }).deviance,
    );
    // Odds, and shares of a population, of a vote.
    const vote = sampleSync('yes | trials(n) ~ income + (1 | state)', voters, {
      family: 'binomial',
      ...short,
      chains: 2,
    });
    expect(odds(vote).map(({ kind }) => kind)).toEqual(['odds', 'oddsRatio']);
    expect(poststratify(vote, voters, { by: 'state', weights: 'n' }).rows).toHaveLength(50);
    expect(untyped(odds, fit)).toMatch(/the link of this one is identity/);
    expect(hsb.school.length).toBeGreaterThan(1000);
  });
});
