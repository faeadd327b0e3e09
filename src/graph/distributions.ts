import { cauchy, horseshoe, laplace, studentTPrior } from './mixturePriors.ts';
import {
  defaultPrior,
  exponential,
  flat,
  gamma,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  separation,
  uniform,
} from './priors.ts';

/** How a distribution is written and made. */
export interface DistributionEntry {
  /** Its name in TypeScript and in JSON. */
  readonly name: Prior['distribution'];
  /** Its name on the command line; absent where it has no spelling there. */
  readonly spelling?: string;
  /** Its parameters in order: the fields of the node and the arguments of the constructor. */
  readonly parameters: readonly string[];
  /** Makes the node from values of any type; the constructor checks them and throws `invalid-prior`. */
  readonly make: (...values: never[]) => Prior;
}

/** Every distribution a prior may have. */
export const distributions: readonly DistributionEntry[] = [
  { name: 'default', parameters: [], make: defaultPrior },
  { name: 'normal', spelling: 'normal', parameters: ['mean', 'sd'], make: normal },
  { name: 'flat', spelling: 'flat', parameters: [], make: flat },
  { name: 'studentT', spelling: 'student_t', parameters: ['df', 'location', 'scale'], make: studentTPrior },
  { name: 'cauchy', spelling: 'cauchy', parameters: ['location', 'scale'], make: cauchy },
  { name: 'laplace', spelling: 'laplace', parameters: ['location', 'scale'], make: laplace },
  {
    name: 'horseshoe',
    spelling: 'horseshoe',
    parameters: ['globalScale', 'slabDf', 'slabScale'],
    make: horseshoe,
  },
  { name: 'halfT', spelling: 'half_t', parameters: ['df', 'scale'], make: halfT },
  { name: 'halfCauchy', spelling: 'half_cauchy', parameters: ['scale'], make: halfCauchy },
  { name: 'halfNormal', spelling: 'half_normal', parameters: ['scale'], make: halfNormal },
  { name: 'exponential', spelling: 'exponential', parameters: ['rate'], make: exponential },
  { name: 'gamma', spelling: 'gamma', parameters: ['shape', 'rate'], make: gamma },
  { name: 'uniform', spelling: 'uniform', parameters: ['low', 'high'], make: uniform },
  { name: 'inverseGamma', spelling: 'inverse_gamma', parameters: ['shape', 'scale'], make: inverseGamma },
  { name: 'inverseWishart', spelling: 'inverse_wishart', parameters: ['df', 'scale'], make: inverseWishart },
  { name: 'halfTCov', spelling: 'half_t_cov', parameters: ['df', 'scale'], make: halfTCov },
  { name: 'lkj', spelling: 'lkj', parameters: ['eta'], make: lkj },
  {
    name: 'separation',
    parameters: ['tau', 'corr'],
    make: (tau: Prior | Record<string, Prior>, corr: Prior) => separation({ tau, corr }),
  },
];
