import type { Chains, Variable, VariableHint } from './chains.ts';

const SCALE_NAME = /^(sigma|tau|sd)(_|\[|\.|$)/i;

function everyDraw(chains: Chains, holds: (draw: number) => boolean): boolean {
  return chains.every((chain) => {
    for (let i = 0; i < chain.length; i++) if (!holds(chain[i]!)) return false;
    return true;
  });
}

function hintOf({ name, chains }: Variable): VariableHint | undefined {
  const first = chains[0]![0]!;
  if (
    name.includes('[') &&
    (chains.length > 1 || (first === 1 && isDiagonal(name))) &&
    (first === 0 || first === 1) &&
    everyDraw(chains, (x) => x === first)
  ) {
    return 'constant';
  }
  return SCALE_NAME.test(name) && everyDraw(chains, (x) => x >= 0) ? 'scale' : undefined;
}

/** Whether both indices of an element are one: `R[2,2]`. */
function isDiagonal(name: string): boolean {
  const index = name.slice(name.indexOf('[') + 1, -1);
  const half = (index.length - 1) / 2;
  return index[half] === ',' && index.slice(0, half) === index.slice(half + 1);
}

/**
 * Hints for draws that come without any, from files of other tools. `scale`: the name is sigma, tau or sd, alone or
 * followed by an underscore, a dot or an index, and no draw is negative. `constant`: an element of an array that is 0
 * in every draw of at least two chains, or 1 in every draw: the fixed entries of correlation matrices and Cholesky
 * factors; of a single chain an element of the diagonal that is 1.
 */
export function guessHint(variables: readonly Variable[]): Variable[] {
  return variables.map((variable) => {
    const hint = variable.hint ?? hintOf(variable);
    return hint === undefined ? variable : { ...variable, hint };
  });
}
