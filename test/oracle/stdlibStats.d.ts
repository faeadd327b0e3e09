// @stdlib's types are found by package folder only; native Node needs the full file name, so the types are named here.
declare module '@stdlib/stats/base/dists/normal/quantile/lib/index.js' {
  const quantile: (p: number, mean: number, sd: number) => number;
  export default quantile;
}
declare module '@stdlib/stats/base/dists/normal/cdf/lib/index.js' {
  const cdf: (x: number, mean: number, sd: number) => number;
  export default cdf;
}
declare module '@stdlib/stats/base/dists/t/cdf/lib/index.js' {
  const cdf: (x: number, df: number) => number;
  export default cdf;
}
declare module '@stdlib/stats/base/dists/t/quantile/lib/index.js' {
  const quantile: (p: number, df: number) => number;
  export default quantile;
}
declare module '@stdlib/math/base/special/gammainc/lib/index.js' {
  const gammainc: (x: number, shape: number, regularized?: boolean, upper?: boolean) => number;
  export default gammainc;
}
