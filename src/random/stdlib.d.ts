// @stdlib's types are found by package folder only; native Node needs the full file name, so the types are named here.
declare module '@stdlib/random/base/mt19937/lib/index.js' {
  interface MersenneTwister {
    /** The next 32-bit word. */
    (): number;
    state: Uint32Array;
  }
  const mt19937: { factory(options: { seed: ArrayLike<number> }): MersenneTwister };
  export default mt19937;
}
