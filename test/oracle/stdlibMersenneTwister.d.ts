// @stdlib's types are found by package folder only; native Node needs the full file name, so the types are named here.
declare module '@stdlib/random/base/mt19937/lib/factory.js' {
  interface MersenneTwister {
    /** The next 32-bit word. */
    (): number;
    state: Uint32Array;
  }
  const mersenneTwister: (options: { seed: ArrayLike<number> }) => MersenneTwister;
  export default mersenneTwister;
}
