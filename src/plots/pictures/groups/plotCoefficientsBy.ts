import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { optionError } from '../../../input/optionError.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { betaDraws, drawCount } from '../../../summary/groupDraws.ts';
import { factorPosition } from '../../../summary/modelFit.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Panel, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { estimateOf, groupEstimates } from '../parts/groupEstimates.ts';
import { count, short } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';
import { valueTicks } from '../parts/valueTicks.ts';

/**
 * The coefficients of groups against a level-2 predictor, one panel each: mean and sd, and the line that the model
 * gives with its 90% band, other level-2 predictors at their means. Throws `unknown-factor`, `option`, and `no-picture`
 * where the factor has no level-2 predictor.
 */
export function plotCoefficientsBy(
  fit: Fit,
  factor: string,
  predictor?: string,
  options: PictureOptions = {},
): Picture {
  checkFit('plotCoefficientsBy', fit, 'mcmc');
  checkOptions('plotCoefficientsBy', options, PICTURE_OPTIONS);
  const f = factorPosition(fit.design, factor);
  const term = fit.design.groupTerms[f]!;
  const { m, W, labels, columns } = term.level2;
  const predictors = labels.filter((label) => label !== 'Intercept');
  if (predictors.length === 0)
    throw pictureError('plotCoefficientsBy', `${factor} has no level-2 predictor`, 'plotGroups');
  const chosen = predictor ?? predictors[0]!;
  const l = labels.indexOf(chosen);
  if (!predictors.includes(chosen))
    throw optionError('predictor', predictor, `a level-2 predictor of ${factor}: ${predictors.join(', ')}`);
  const { J } = term;
  const at = Array.from({ length: J }, (_, j) => W[j * m + l]!);
  const means = labels.map((_, k) => at.reduce((sum, _value, j) => sum + W[j * m + k]!, 0) / J);
  const domain = domainOf(at, 0.06);
  const rows: PictureRow[] = [];
  const steps = Array.from({ length: 25 }, (_, i) => domain[0] + ((domain[1] - domain[0]) * i) / 24);
  const line = new Float64Array(drawCount(fit));
  const panels = term.labels.map((label, k): Panel => {
    const estimates = groupEstimates(fit, f, k, 'coefficient');
    const band = steps.map((w) => {
      line.fill(0);
      for (let c = 0; c < m; c += 1) {
        if (columns[k * m + c]! < 0) continue;
        const value = c === l ? w : means[c]!;
        const beta = betaDraws(fit, columns[k * m + c]!);
        for (let s = 0; s < line.length; s += 1) line[s]! += value * beta[s]!;
      }
      return { x: w, ...estimateOf(line) };
    });
    estimates.forEach(({ mean, sd, q5, q95 }, j) => {
      rows.push({ level: term.levels[j]!, term: label, [chosen]: at[j]!, mean, sd, q5, q95 });
    });
    const lineAt = (w: number) => band[Math.round(((w - domain[0]) / (domain[1] - domain[0])) * 24)]!.mean;
    const far = estimates
      .map(({ mean }, j) => ({ j, off: Math.abs(mean - lineAt(at[j]!)) }))
      .sort((a, b) => b.off - a.off);
    const named = J <= 12 ? far : far.slice(0, 4);
    const marks: Mark[] = [
      {
        kind: 'band',
        role: 'population',
        opacity: 0.15,
        points: band.map(({ x, q5, q95 }) => ({ x, low: q5, high: q95 })),
      },
      { kind: 'line', role: 'population', width: 1.6, points: band.map(({ x, mean }) => ({ x, y: mean })) },
      ...(J > 300
        ? []
        : [
            {
              kind: 'segments',
              role: 'partial',
              width: 1.2,
              opacity: 0.45,
              segments: estimates.map(({ mean, sd }, j) => ({ x1: at[j]!, x2: at[j]!, y1: mean - sd, y2: mean + sd })),
            } as const,
          ]),
      {
        kind: 'dots',
        role: 'partial',
        shape: 'dot',
        radius: J > 300 ? 1.8 : 3.5,
        ...(J > 300 ? { opacity: 0.5 } : {}),
        points: estimates.map(({ mean }, j) => ({ x: at[j]!, y: mean, key: term.levels[j]! })),
      },
      { kind: 'labels', labels: named.map(({ j }) => ({ x: at[j]!, y: estimates[j]!.mean, text: term.levels[j]! })) },
    ];
    return {
      title: labelOf(options, label),
      x: { scale: 'linear', domain, label: `${labelOf(options, chosen)}${unitOf(options, chosen)}`, ...valueTicks(at) },
      y: {
        scale: 'linear',
        domain: domainOf([
          ...estimates.flatMap(({ mean, sd }) => [mean - sd, mean + sd]),
          ...band.flatMap(({ q5, q95 }) => [q5, q95]),
        ]),
      },
      height: 270,
      marks,
    };
  });
  const slopes = term.labels.flatMap((label, k) => {
    const column = columns[k * m + l]!;
    if (column < 0) return [`${labelOf(options, label)} is not modelled by ${chosen}`];
    const { mean, q5, q95 } = estimateOf(Float64Array.from(betaDraws(fit, column)));
    return [
      `${labelOf(options, label)} changes by ${short(mean)} for each unit (90% interval ${short(q5)} to ${short(q95)})`,
    ];
  });
  return picture({
    name: 'coefficients-by',
    ...wordsOf(options, {
      title: `What ${labelOf(options, chosen)} says of the coefficients of ${factor}`,
      subtitle: `each point is one of ${count(J, 'group')}; bars are one posterior sd to either side`,
      caption: `With ${labelOf(options, chosen)}, ${slopes.join('; ')}.${J > 12 ? ' Named: the four farthest from the line.' : ''}`,
    }),
    description: slopes.join('; '),
    legend: [
      { role: 'partial', shape: 'dot', text: 'coefficient of a group' },
      { role: 'population', shape: 'line', text: 'line of the model' },
      { role: 'population', shape: 'band', text: '90% band of the line' },
    ],
    columns: [Math.min(2, panels.length), 1],
    panels,
    rows,
  });
}
