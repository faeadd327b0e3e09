/** log p(y | eta) but for what does not depend on eta, and its first two derivatives. */
export interface RowDerivatives {
  value: number;
  first: number;
  second: number;
}

/** A Poisson count of mean e^eta. */
export function poissonRow(y: number, _trials: number, eta: number, out: RowDerivatives): void {
  const mean = Math.exp(eta);
  out.value = y * eta - mean;
  out.first = y - mean;
  out.second = -mean;
}

/** A negative binomial count of mean e^eta and variance mean + mean^2 / shape. */
export function negativeBinomialRow(shape: number) {
  return (y: number, _trials: number, eta: number, out: RowDerivatives): void => {
    // p = mean / (mean + shape), without overflow.
    const away = eta - Math.log(shape);
    const small = Math.exp(-Math.abs(away));
    const p = away > 0 ? 1 / (1 + small) : small / (1 + small);
    out.value = y * eta - (y + shape) * (Math.log(shape) + Math.max(away, 0) + Math.log1p(small));
    out.first = y - (y + shape) * p;
    out.second = (-(y + shape) * small) / (1 + small) ** 2;
  };
}
