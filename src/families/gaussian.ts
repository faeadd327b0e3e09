import { log } from '../elementary.ts';
import type { Family } from './family.ts';

const LOG_SQRT_2PI = 0.9189385332046728;

/** y ~ N(eta, sigma^2 / size), `size` the precision weight of the row (1 / se^2 with sigma = 1 where standard errors are known). */
export const gaussian: Family = {
  name: 'gaussian',
  link: 'identity',
  hasSigma: true,
  linkOf: (mean) => mean,
  mean: (eta) => eta,
  variance: (size, _eta, sigma) => (sigma * sigma) / size,
  logConstant: (_y, size) => 0.5 * log(size) - LOG_SQRT_2PI,
  logLik(y, size, eta, sigma) {
    const z = (y - eta) / sigma;
    return 0.5 * (log(size) - size * z * z) - LOG_SQRT_2PI - log(sigma);
  },
  derivatives(y, size, eta, sigma, out) {
    const z = (y - eta) / sigma;
    out[0] = -0.5 * size * z * z - log(sigma);
    out[1] = (size * z) / sigma;
    out[2] = size / (sigma * sigma);
    out[3] = 0;
  },
  simulate: (size, eta, sigma, rng) => eta + (sigma / Math.sqrt(size)) * rng.normal(),
};
