import type { Variable } from '../../../../diagnostics/chains.ts';
import { kernelDensity } from '../../../../diagnostics/kernelDensity.ts';
import { textList } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { MaximumLikelihoodFit } from '../../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { pooledDraws } from '../../../summary/pooledDraws.ts';
import { priorDensity } from '../../../summary/priorDensity.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import {
  type LegendEntry,
  type Mark,
  type Panel,
  type Picture,
  type PictureRow,
  picture,
} from '../../drawing/picture.ts';
import { estimateOf } from '../parts/groupEstimates.ts';
import { count, short } from '../parts/numberWords.ts';
import { boundsOf, parametersOf, shortName } from '../parts/parametersOf.ts';
import { PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { likelihoodValue } from './likelihoodValue.ts';

/** What a picture of parameters is of. */
export interface ParametersPictureOptions extends PictureOptions {
  /** Variables (`beta`) or single quantities (`tau_county[floor]`); default all but the deviations of groups. */
  readonly variables?: readonly string[];
  /** A maximum likelihood fit of the same model, whose estimates are marked. */
  readonly compare?: MaximumLikelihoodFit;
}

const METHODS = { REML: 'REML', ML: 'ML', laplace: 'ML (Laplace)', agq: 'ML (quadrature)' } as const;

/** Panels that fit to a picture. */
const MOST = 24;

/**
 * The posterior of each parameter: its density, mean and intervals, its prior on the same scale, and an ML or REML
 * estimate where one is given. Throws `unknown-variable` and `option`.
 */
export function plotParameters(fit: Fit, options: ParametersPictureOptions = {}): Picture {
  checkFit('plotParameters', fit, 'mcmc');
  const compared = {
    words: 'a fit of maximumLikelihood',
    accepts: (value: unknown) => (value as { kind?: unknown } | null)?.kind === 'maximumLikelihood',
  };
  checkOptions('plotParameters', options, { ...PICTURE_OPTIONS, variables: textList, compare: compared });
  const all = parametersOf(fit, options.variables);
  const shown = all.slice(0, MOST);
  const panels = shown.map((variable) => parameterPanel(fit, variable, options.compare));
  const drawn = panels.some(({ prior }) => prior);
  const away = panels.filter(
    ({ row }) => row.variable!.toString().startsWith('beta') && (Number(row.q5) > 0 || Number(row.q95) < 0),
  );
  const coefficients = panels.filter(({ row }) => row.variable!.toString().startsWith('beta')).length;
  const legend: LegendEntry[] = [
    { role: 'partial', shape: 'band', text: 'posterior density' },
    { role: 'partial', shape: 'bar', text: 'mean, 50% and 90% interval' },
    ...(drawn
      ? [
          {
            role: 'prior',
            shape: 'line',
            dash: 'short',
            text: 'prior (flat or without a closed form where none is drawn)',
          } as const,
        ]
      : []),
    ...(options.compare
      ? [{ role: 'likelihood', shape: 'diamond', text: `${METHODS[options.compare.method]} estimate` } as const]
      : []),
  ];
  const caption = [
    coefficients > 0
      ? `Of ${count(coefficients, 'coefficient')}, ${away.length} ${away.length === 1 ? 'has' : 'have'} a 90% interval that leaves out zero.`
      : '',
    drawn
      ? 'The prior is drawn on the scale of the posterior: where it lies flat along the bottom it says nothing that the data do not override; where the two curves look alike the data say little.'
      : '',
    'Each panel has its own scale.',
    all.length > MOST ? `${MOST} of ${all.length} are drawn; choose others with variables.` : '',
  ];
  return picture({
    name: 'parameters',
    ...wordsOf(options, {
      title: 'What the data say about each parameter',
      subtitle: `posterior of the model of ${fit.design.response.label}${unitOf(options, fit.design.response.label)}`,
      caption: caption.filter((sentence) => sentence !== '').join(' '),
    }),
    description: panels
      .map(
        ({ row }) =>
          `${row.variable}: mean ${short(Number(row.mean))}, 90% interval ${short(Number(row.q5))} to ${short(Number(row.q95))}`,
      )
      .join('; '),
    legend,
    columns: [4, 2],
    panels: panels.map(({ panel }) => panel),
    rows: panels.map(({ row }) => row),
  });
}

function parameterPanel(
  fit: Fit,
  variable: Variable,
  compare: MaximumLikelihoodFit | undefined,
): { panel: Panel; row: PictureRow; prior: boolean } {
  const draws = pooledDraws(variable);
  const { mean, q5, q25, q75, q95, sd } = estimateOf(draws);
  const ml = compare ? likelihoodValue(compare, variable.name) : null;
  const finite = draws.every(Number.isFinite) && draws.some((value) => value !== draws[0]);
  const density = finite ? kernelDensity(draws, boundsOf(variable)) : null;
  const top = density ? Math.max(...density.density) : 1;
  const points = density ? Array.from(density.x, (x, i) => ({ x, y: density.density[i]! / top })) : [];
  const grid = density?.x ?? new Float64Array();
  const prior = /^[ub]_/.test(variable.name) ? null : priorDensity(fit, variable.name, grid);
  const below = -0.13;
  const marks: Mark[] = [
    { kind: 'band', role: 'partial', opacity: 0.3, points: points.map(({ x, y }) => ({ x, low: 0, high: y })) },
    { kind: 'line', role: 'partial', width: 1.8, points },
    ...(prior
      ? [
          {
            kind: 'line',
            role: 'prior',
            width: 1.5,
            dash: 'short',
            points: Array.from(grid, (x, i) => ({ x, y: Math.min(1.3, prior[i]! / top) })),
          } as const,
        ]
      : []),
    { kind: 'segments', role: 'partial', width: 1.5, segments: [{ x1: q5, x2: q95, y1: below, y2: below }] },
    { kind: 'segments', role: 'partial', width: 5, segments: [{ x1: q25, x2: q75, y1: below, y2: below }] },
    { kind: 'dots', role: 'partial', shape: 'ring', radius: 4, points: [{ x: mean, y: below, key: variable.name }] },
    ...(ml === null
      ? []
      : [{ kind: 'dots', role: 'likelihood', shape: 'diamond', radius: 5, points: [{ x: ml, y: below }] } as const]),
  ];
  const ends = density ? [grid[0]!, grid.at(-1)!] : [mean - 1, mean + 1];
  const panel: Panel = {
    title: shortName(variable.name),
    x: { scale: 'linear', domain: domainOf([...ends, ml], 0.01), count: 3, grid: false },
    y: { scale: 'linear', domain: [-0.25, 1.05], show: false, grid: false },
    height: 120,
    marks,
  };
  return { panel, row: { variable: variable.name, mean, sd, q5, q25, q75, q95, ml }, prior: prior !== null };
}
