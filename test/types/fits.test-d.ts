// What the compiler knows of a fit: the family of its response and the numbers of its answers. `npm run typecheck` fails
// when a line marked so compiles.
import { expectTypeOf } from 'vitest';
import { logitVoter } from '../../models/index.ts';
import { radon, voters } from '../../src/datasets/index.ts';
import {
  binomialLogit,
  combine,
  extend,
  type FamilyName,
  type FamilySpelling,
  type Fit,
  type FormulaOptions,
  formula,
  fromJson,
  group,
  halfT,
  halfTCov,
  linearPredictor,
  type MaximumLikelihoodFit,
  type ModelFit,
  type ModelGraph,
  maximumLikelihood,
  modelGraph,
  normal,
  odds,
  type PosteriorRow,
  poststratify,
  predict,
  sample,
  sampleSync,
  summarize,
} from '../../src/index.ts';

const lines = 'log_radon ~ floor + (1 | county)';
const votes = 'yes | trials(n) ~ income + (1 | state)';

// A formula knows its family by the word that was given, and gaussian where none was.
expectTypeOf(formula(lines)).toEqualTypeOf<ModelGraph<string, 'gaussian'>>();
expectTypeOf(formula(lines, {})).toEqualTypeOf<ModelGraph<string, 'gaussian'>>();
expectTypeOf(formula(lines, { priors: { sigma: halfT(3, 1) } })).toEqualTypeOf<ModelGraph<string, 'gaussian'>>();
expectTypeOf(formula(votes, { family: 'binomial' })).toEqualTypeOf<ModelGraph<string, 'binomialLogit'>>();
expectTypeOf(formula(votes, { family: 'binomialLogit' })).toEqualTypeOf<ModelGraph<string, 'binomialLogit'>>();
expectTypeOf(formula(votes, { family: 'probit', priors: { beta: normal(0, 1) } })).toEqualTypeOf<
  ModelGraph<string, 'bernoulliProbit'>
>();
expectTypeOf(formula(lines, { family: 'student' })).toEqualTypeOf<ModelGraph<string, 'studentT'>>();
expectTypeOf(formula(votes, { family: 'betabinomial' })).toEqualTypeOf<ModelGraph<string, 'betaBinomial'>>();
expectTypeOf(formula(votes, { family: 'negbinomial' })).toEqualTypeOf<ModelGraph<string, 'negativeBinomial'>>();
expectTypeOf(logitVoter({ response: 'yes', group: 'state' })).toEqualTypeOf<ModelGraph<string, 'binomialLogit'>>();
// Where the word is found out as the program runs, it is any of them.
declare const spelling: FamilySpelling;
declare const someOptions: FormulaOptions;
expectTypeOf(formula(votes, { family: spelling })).toEqualTypeOf<ModelGraph>();
expectTypeOf(formula(votes, someOptions)).toEqualTypeOf<ModelGraph>();
// A graph built by hand has that of its response.
const byHand = modelGraph({
  Sigma_state: halfTCov(2, 1),
  u_state: group({ by: 'state', terms: ['1'], cov: 'Sigma_state' }),
  eta: linearPredictor('u_state'),
  yes: binomialLogit('yes', { eta: 'eta', trials: 'n' }),
});
expectTypeOf(sampleSync(byHand, voters)).toEqualTypeOf<Fit<'binomialLogit'>>();

// The fit has that of its model, and keeps it.
const gaussianFit = sampleSync(lines, radon);
const logitFit = sampleSync(votes, voters, { family: 'binomial', seed: 1 });
expectTypeOf(gaussianFit).toEqualTypeOf<Fit<'gaussian'>>();
expectTypeOf(logitFit).toEqualTypeOf<Fit<'binomialLogit'>>();
expectTypeOf(sample(formula(votes, { family: 'probit' }), voters)).resolves.toEqualTypeOf<Fit<'bernoulliProbit'>>();
expectTypeOf(sample(votes, voters, { family: 'binomial' })).resolves.toEqualTypeOf<Fit<'binomialLogit'>>();
expectTypeOf(maximumLikelihood(lines, radon)).toEqualTypeOf<MaximumLikelihoodFit<'gaussian'>>();
expectTypeOf(extend(logitFit, 100)).resolves.toEqualTypeOf<Fit<'binomialLogit'>>();
expectTypeOf(combine([gaussianFit, gaussianFit])).toEqualTypeOf<Fit<'gaussian'>>();
expectTypeOf(fromJson('')).toEqualTypeOf<Fit>();
// It goes wherever any fit goes.
expectTypeOf(gaussianFit).toExtend<Fit>();
expectTypeOf(gaussianFit).toExtend<ModelFit>();
summarize(logitFit);

// Odds ratios are those of logit models.
odds(logitFit, { level: 0.9 });
odds(maximumLikelihood(votes, voters, { family: 'binomialLogit' }));
odds(sampleSync(byHand, voters));
odds(fromJson(''));
declare const either: ModelFit<'binomialLogit' | 'gaussian'>;
declare const unknownFamily: ModelFit<FamilyName>;
odds(either);
odds(unknownFamily);
// @ts-expect-error: a gaussian fit has none
odds(gaussianFit);
// @ts-expect-error: nor has one by maximum likelihood
odds(maximumLikelihood(lines, radon));
// @ts-expect-error: nor has one of the probit link
odds(sampleSync(votes, voters, { family: 'probit' }));
// @ts-expect-error: nor has one of counts
odds(sampleSync(formula('yes ~ income', { family: 'poisson' }), voters));
// @ts-expect-error: a family that there is not
formula(votes, { family: 'binomal' });
// @ts-expect-error: nor where the text is given to sample
void sample(votes, voters, { family: 'logistic' });

// Rows of answers have their numbers by name.
expectTypeOf(predict(gaussianFit).rows[0]!.mean).toEqualTypeOf<number>();
expectTypeOf(predict(gaussianFit).rows[0]!.q5).toEqualTypeOf<number>();
expectTypeOf(predict(gaussianFit, [{ floor: 1, county: 'AITKIN' }]).rows[0]!['county']).toEqualTypeOf<
  string | number | null
>();
expectTypeOf(predict(maximumLikelihood(lines, radon)).rows[0]!.se).toEqualTypeOf<number>();
expectTypeOf(poststratify(logitFit, voters).rows).toEqualTypeOf<readonly PosteriorRow[]>();
expectTypeOf(poststratify(maximumLikelihood(lines, radon), voters).rows[0]!.se).toEqualTypeOf<number>();
