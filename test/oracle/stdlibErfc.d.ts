// @stdlib's types are found by package folder only; native Node needs the full file name, so the types are named here.
declare module '@stdlib/math/base/special/erfc/lib/index.js' {
  const erfc: (x: number) => number;
  export default erfc;
}
