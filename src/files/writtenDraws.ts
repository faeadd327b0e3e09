import { flag } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import type { Draws, Variable } from '../mcmc/draws.ts';
import { drawsNotKept } from '../mcmc/drawsNotKept.ts';
import type { Fit } from '../mcmc/fit.ts';

/**
 * The draws of a fit and, after them, those of the group coefficients `b_<factor>` (J x q) of every grouping factor:
 * b_jk = sum over l of gamma_kl W_jl + u_jk, gamma the view of columns of beta that the design's `level2` names. Throws
 * `draws-not-kept`.
 */
export function withGroupCoefficients(fit: Fit): Draws {
  const { draws, design } = fit;
  for (const { factor } of design.groupTerms) {
    const fault = drawsNotKept(fit, `u_${factor}`);
    if (fault) throw fault;
  }
  const length = draws.chains * draws.iterations;
  let offset = draws.values.length / length;
  const derived: Variable[] = design.groupTerms.map((term) => {
    const deviations = named(draws, `u_${term.factor}`);
    const variable: Variable = { ...deviations, name: `b_${term.factor}`, offset };
    offset += variable.size;
    return variable;
  });
  const values = new Float64Array(offset * length);
  values.set(draws.values);
  const beta = named(draws, 'beta').offset;
  design.groupTerms.forEach((term, f) => {
    const { J, q } = term;
    const { m, W, columns } = term.level2;
    const u = named(draws, `u_${term.factor}`).offset;
    for (let j = 0; j < J; j += 1) {
      for (let k = 0; k < q; k += 1) {
        const scalar = derived[f]!.offset + j * q + k;
        const out = values.subarray(scalar * length, (scalar + 1) * length);
        out.set(draws.values.subarray((u + j * q + k) * length, (u + j * q + k + 1) * length));
        for (let l = 0; l < m; l += 1) {
          const column = columns[k * m + l]!;
          const w = W[j * m + l]!;
          if (column < 0 || w === 0) continue;
          const from = (beta + column) * length;
          for (let s = 0; s < length; s += 1) out[s]! += w * draws.values[from + s]!;
        }
      }
    }
  });
  return { ...draws, variables: [...draws.variables, ...derived], values };
}

/** What a writer of draws is asked for. */
export interface DrawsOptions {
  /** Whether the group coefficients `b_<factor>` are written too; false unless given. */
  readonly groupCoefficients?: boolean;
}

export const DRAWS_OPTIONS: OptionTable<DrawsOptions> = { groupCoefficients: flag };

/** The draws that a writer writes: those of the fit, with the group coefficients after them on request. */
export function writtenDraws(fit: Fit, options: DrawsOptions): Draws {
  return options.groupCoefficients ? withGroupCoefficients(fit) : fit.draws;
}

function named(draws: Draws, name: string): Variable {
  return draws.variables.find((variable) => variable.name === name)!;
}
