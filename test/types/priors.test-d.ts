// Which priors may stand under which names, as the compiler sees it: `npm run typecheck` fails when a line marked so
// compiles.
import { sleepstudy } from '../../src/datasets/index.ts';
import {
  cauchy,
  formula,
  halfT,
  halfTCov,
  horseshoe,
  laplace,
  lkj,
  maximumLikelihood,
  normal,
  type Prior,
  sample,
  studentT,
} from '../../src/index.ts';

const text = 'Reaction ~ Days + (Days | Subject)';
const someSd = (scale: number): Prior => (scale > 0 ? halfT(3, scale) : halfTCov(2, 1));
const several: Record<string, Prior> = { sigma: halfT(3, 1) };

formula(text, {
  priors: { sigma: halfT(3, 1), 'beta[Days]': normal(0, 1), beta: normal(0, 10), gamma_Subject: normal(0, 1) },
});
formula(text, { priors: { tau_Subject: halfT(3, 1), 'tau_Subject[Days]': halfT(3, 1), corr_Subject: lkj(2) } });
formula(text, { priors: { Sigma_Subject: halfTCov(2, 1) } });
formula('y ~ (1 | g)', { priors: { Sigma_g: halfT(3, 1) } });
// What is only known to be a prior is looked at when the model is made.
formula(text, { priors: { sigma: someSd(1) } });
formula(text, { priors: several });

// @ts-expect-error: a coefficient's prior is none of an sd
formula(text, { priors: { sigma: normal(0, 1) } });
// @ts-expect-error: an sd's prior is none of coefficients
formula(text, { priors: { 'beta[Days]': halfT(3, 1) } });
// @ts-expect-error: a prior of correlations is none of sds
formula(text, { priors: { tau_Subject: lkj(2) } });
// @ts-expect-error: a prior of an sd is none of correlations
formula(text, { priors: { corr_Subject: halfT(3, 1) } });
// @ts-expect-error: the same where the text is given to sample
void sample(text, sleepstudy, { priors: { sigma: normal(0, 1) } });
// @ts-expect-error: and to maximumLikelihood
maximumLikelihood(text, sleepstudy, { priors: { sigma: normal(0, 1) } });

formula(text, { priors: { beta: horseshoe(0.1, 4, 2), 'beta[Days]': studentT(3, 0, 2.5) } });
formula(text, { priors: { 'beta[Days]': cauchy(0, 1), gamma_Subject: laplace(0, 1) } });
// @ts-expect-error: a prior of coefficients is none of an sd
formula(text, { priors: { tau_Subject: cauchy(0, 1) } });
// @ts-expect-error: thresholds take normal alone
formula('y ~ x', { family: 'ordinal', priors: { threshold: cauchy(0, 1) } });
// @ts-expect-error: and so do changes of log sigma
formula('y ~ x', { sigma: '~ x', priors: { delta: laplace(0, 1) } });
// @ts-expect-error: a response with the same name is no prior
formula(text, { priors: { beta: studentT('y', { eta: 'eta', sigma: 'sigma', nu: 4 }) } });
