import { log } from '../elementary.ts';
import { logGamma } from './logGamma.ts';
import { logRisingFactorial } from './risingFactorial.ts';

/** So few factors are multiplied. */
const FEW = 24;
/** From mu phi of this size on the factors are taken relative to mu. */
const LARGE = 12;
/** A product is taken no lower than this before its logarithm. */
const LOW = 1e-200;

/**
 * The sum over k < y of log(mu + k / phi) for a whole y >= 0, 0 < mu <= 1 with `logMu` its logarithm and 0 < phi <=
 * Infinity: log Gamma(mu phi + y) - log Gamma(mu phi) - y log phi, y log mu at Infinity. Nothing of the size of y log
 * phi cancels in it. Allocates nothing.
 */
export function logRisingShares(y: number, mu: number, logMu: number, phi: number): number {
  if (y === 0) return 0;
  if (phi === Infinity) return y * logMu;
  if (y <= FEW) {
    let sum = logMu;
    let product = 1;
    for (let k = 1; k < y; k += 1) {
      product *= mu + k / phi;
      if (product < LOW || product > 1 / LOW) {
        sum += log(product);
        product = 1;
      }
    }
    return sum + log(product);
  }
  const a = mu * phi;
  if (a >= LARGE) return y * logMu + logRisingFactorial(y, a);
  return logMu + logGamma(y + a) - logGamma(1 + a) - (y - 1) * log(phi);
}
