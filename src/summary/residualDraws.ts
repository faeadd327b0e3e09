import { scalarDraws } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import type { ResidualModel, ResidualPlace } from '../residual/residualModel.ts';
import { variableOf } from './groupDraws.ts';

/** The place of the residuals' parameters at every draw of a fit whose residuals are not independent with one sigma. */
export function residualDraws(fit: Fit, model: ResidualModel): (draw: number) => ResidualPlace {
  const found = new Map<string, Float64Array>();
  const drawsOf = (name: string, k: number): Float64Array => {
    const key = `${name} ${k}`;
    const known = found.get(key);
    if (known) return known;
    const draws = scalarDraws(fit.draws, variableOf(fit, name).offset + k);
    found.set(key, draws);
    return draws;
  };
  return (draw) => model.place((name, k = 0) => drawsOf(name, k)[draw]!);
}
