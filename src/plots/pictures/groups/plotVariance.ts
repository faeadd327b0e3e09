import { varyingReads } from '../../../design/build/varyingAt.ts';
import { kindOf } from '../../../families/familyOf.ts';
import { anyValue, text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { fittedValues } from '../../../likelihood/fittedValues.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';
import { pointEstimates } from '../../../summary/pooling/pointEstimates.ts';
import {
  type VarianceFunctionOptions,
  type VariationAnswer,
  varianceAnswers,
} from '../../../summary/variance/varianceFunction.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Panel, type Picture, picture, type Role } from '../../drawing/picture.ts';
import { seriesRole } from '../../drawing/seriesRole.ts';
import { plain, short } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, unitOf, wordsOf } from '../parts/pictureOptions.ts';

/** Along what variation is drawn. */
export interface VariancePictureOptions extends PictureOptions {
  /** A column of numbers that a varying slope reads; default the first. */
  readonly x?: string;
  /** Values of other columns that varying columns read; 0 unless given. */
  readonly at?: VarianceFunctionOptions['at'];
}

/** Places along x, unless it has few values; classes of rows whose sd is drawn, and rows that a class needs. */
const STEPS = 25;
const FEW = 3;
const CLASSES = 8;
const ENOUGH = 5;

/**
 * How variation depends on x: the sd of the response about the population line by part (roots of the variances and of
 * the ends of their 90% intervals) with the sd of the data about that line, the share of the variance between groups
 * (ICC), and the correlation of two rows of one group of which one has the least x, all by `varianceFunction`, whose
 * numbers `rows` are. Throws what `varianceFunction` does, `option`, and `no-picture` where no slope varies.
 */
export function plotVariance(fit: ModelFit, options: VariancePictureOptions = {}): Picture {
  checkFit('plotVariance', fit);
  checkOptions('plotVariance', options, { ...PICTURE_OPTIONS, x: text, at: anyValue });
  const { design } = fit;
  const named = varyingReads(design);
  const numeric = named.filter((name) => design.rows.columns.get(name)?.kind === 'number');
  const x = options.x ?? numeric[0];
  if (x === undefined) {
    throw named.length > 0
      ? pictureError(
          'plotVariance',
          `slopes of categories (${named.join(', ')}) alone vary, which are no axis`,
          'plotGroups',
        )
      : pictureError('plotVariance', 'no slope varies, so that the variance is the same everywhere', 'plotParameters');
  }
  const column = numeric.includes(x) ? Array.from(design.rows.columns.get(x)!.values, Number) : [];
  const distinct = [...new Set(column)].sort((a, b) => a - b);
  const [low, high] = [distinct[0] ?? 0, distinct.at(-1) ?? 1];
  const few = distinct.length <= FEW;
  const grid = Array.from({ length: STEPS }, (_, i) => low + ((high - low) * i) / (STEPS - 1));
  const values = few && distinct.length > 0 ? distinct : grid;
  const found = varianceAnswers(fit, x, { values, ...(options.at ? { at: options.at } : {}) }, 1);
  const factors = design.groupTerms.map(({ factor }) => factor);
  const role = (factor: string): Role => seriesRole(factors.indexOf(factor));
  const curve = (
    own: readonly (VariationAnswer & { readonly value: number })[],
    of: (v: number) => number,
    role: Role,
  ): Mark[] => [
    ...(own.every(({ lower }) => lower === null)
      ? []
      : [
          {
            kind: 'band',
            role,
            opacity: 0.2,
            points: own.map(({ value, lower, upper }) => ({ x: value, low: of(lower!), high: of(upper!) })),
          } as const,
        ]),
    {
      kind: 'line',
      role,
      width: 2,
      ...(role === 'own' ? { dash: 'dashed' as const } : {}),
      points: own.map(({ value, estimate }) => ({ x: value, y: of(estimate) })),
    },
  ];
  const part = (name: string) => found.variances.filter((row) => row.part === name);
  const shares = factors.map((factor) => found.shares.filter((row) => row.factor === factor));
  const pairs = factors.map((factor) =>
    found.pairs
      .filter((row) => row.factor === factor)
      .map(({ second, correlation }) => ({ value: second, ...correlation })),
  );
  const data = numberSds(fit, column, distinct);
  const label = labelOf(options, x);
  const same = (value: number) => value;
  const panel = (title: string, y: Panel['y']['domain'] | null, marks: Mark[]): Panel => ({
    title,
    x: {
      scale: 'linear',
      domain: domainOf([low, high], few ? 0.04 : 0),
      label,
      count: 4,
      grid: false,
      ...(few ? { ticks: distinct.map((value) => ({ value, text: plain(value) })) } : {}),
    },
    y: { scale: 'linear', domain: y ?? heightsOf(marks), count: 5 },
    height: 220,
    marks,
  });
  const total = part('total');
  const said = [
    `From ${x} = ${plain(low)} to ${plain(high)} the sd of a row is ${rangeOf(total.map(({ estimate }) => Math.sqrt(estimate)))}`,
    ...factors.map(
      (factor, f) =>
        `the share of the variance between groups of ${factor} ${rangeOf(shares[f]!.map(({ estimate }) => estimate))}`,
    ),
  ].join(', ');
  const banded = found.variances.some(({ lower }) => lower !== null);
  const latent = kindOf(design) === 'numbers' ? '' : ', of the linear predictor';
  return picture({
    name: 'variance',
    ...wordsOf(options, {
      title: `How variation depends on ${label}`,
      subtitle: `sd of rows about the population line${latent}${unitOf(options, design.response.label)}; share of the variance between groups; correlation of two rows of one group, one of them at ${x} = ${plain(low)}`,
      caption: `${said}. A slope that varies makes the variance a function of its predictor: there is no single intraclass correlation.`,
    }),
    description: `${said}.`,
    legend: [
      { role: 'population', shape: 'line', text: 'all rows' },
      ...factors.map((factor) => ({ role: role(factor), shape: 'line', text: `between groups of ${factor}` }) as const),
      { role: 'own', shape: 'line', dash: 'dashed', text: 'within groups' },
      ...(banded ? [{ role: 'muted', shape: 'band', text: '90% band' } as const] : []),
      ...(data.length > 0 ? [{ role: 'data', shape: 'ring', text: 'sd of the data' } as const] : []),
    ],
    columns: [3, 1],
    panels: [
      panel('standard deviation', null, [
        ...curve(total, Math.sqrt, 'population'),
        ...factors.flatMap((factor) => curve(part(factor), Math.sqrt, role(factor))),
        ...curve(part('residual'), Math.sqrt, 'own'),
        { kind: 'dots', role: 'data', shape: 'ring', radius: 3.5, points: data },
      ]),
      panel(
        'share between groups',
        [0, 1.04],
        factors.flatMap((factor, f) => curve(shares[f]!, same, role(factor))),
      ),
      panel(
        'correlation within a group',
        null,
        factors.flatMap((factor, f) => curve(pairs[f]!, same, role(factor))),
      ),
    ],
    rows: [
      ...found.variances.map(({ value, part: of, ...answer }) => ({ what: 'variance', of, [x]: value, ...answer })),
      ...found.shares.map(({ value, factor: of, ...answer }) => ({ what: 'share', of, [x]: value, ...answer })),
      ...factors.flatMap((of, f) =>
        pairs[f]!.map(({ value, ...answer }) => ({ what: 'correlation', of, [x]: value, ...answer })),
      ),
    ],
  });
}

/** From 0, or from what is below it, to what is drawn. */
function heightsOf(marks: readonly Mark[]): readonly [number, number] {
  const values = marks.flatMap((mark) => {
    if (mark.kind === 'band') return mark.points.flatMap(({ low, high }) => [low, high]);
    return mark.kind === 'line' || mark.kind === 'dots' ? mark.points.map(({ y }) => y) : [];
  });
  const [low, high] = domainOf([0, ...values]);
  return [values.some((value) => value < 0) ? low : 0, high];
}

/** The sd of measured numbers about the population line by value of x, or in classes of as many rows each. */
function numberSds(fit: ModelFit, column: readonly number[], distinct: readonly number[]): { x: number; y: number }[] {
  const { design } = fit;
  const { y, weights } = design.response;
  if (kindOf(design) !== 'numbers' || weights || design.rows.reduced || column.length !== design.n) return [];
  const zero = design.groupTerms.map(({ J, q }) => new Float64Array(J * q));
  const line = fittedValues(design, pointEstimates(fit).beta, zero);
  const order = column.map((_, i) => i).sort((a, b) => column[a]! - column[b]!);
  const classes =
    distinct.length <= 12
      ? distinct.map((value) => order.filter((i) => column[i] === value))
      : Array.from({ length: CLASSES }, (_, c) =>
          order.slice(Math.floor((c * order.length) / CLASSES), Math.floor(((c + 1) * order.length) / CLASSES)),
        );
  return classes
    .filter((rows) => rows.length >= ENOUGH)
    .map((rows) => {
      const mean = (of: (i: number) => number) => rows.reduce((sum, i) => sum + of(i), 0) / rows.length;
      const rest = (i: number) => y[i]! - line[i]!;
      const centre = mean(rest);
      return {
        x: mean((i) => column[i]!),
        y: Math.sqrt((mean((i) => (rest(i) - centre) ** 2) * rows.length) / (rows.length - 1)),
      };
    });
}

/** `1.9 to 2.0`, or `about 2.0` where two digits tell no difference. */
function rangeOf(values: readonly number[]): string {
  const [low, high] = [short(Math.min(...values)), short(Math.max(...values))];
  return low === high ? `about ${low}` : `${low} to ${high}`;
}
