import { oneOf, text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';
import { type ShrinkageRow, shrinkage } from '../../../summary/pooling/shrinkage.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type LegendEntry, type Mark, type Picture, picture } from '../../drawing/picture.ts';
import { groupTermOf, rowNoun } from '../parts/groupTermOf.ts';
import { count, short } from '../parts/numberWords.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, scaleWords, wordsOf } from '../parts/pictureOptions.ts';
import { spreadTies } from '../parts/spreadTies.ts';
import { shrinkageFans } from './shrinkageFans.ts';

/** What a shrinkage picture is of. */
export interface ShrinkagePictureOptions extends PictureOptions {
  /** The varying term; default the first, as a rule the intercept. */
  readonly term?: string;
  /**
   * What groups are ordered by along x: rows (`n`), the standard error of their own estimate (`se`), or the own
   * estimates; default the first of these that differs.
   */
  readonly by?: 'n' | 'se' | 'order';
}

/** More groups than these are drawn as fans. */
const ARROWS = 600;

/**
 * What pooling did to each group of a factor: an arrow from what its own rows say to what the model says, beside the
 * population line and complete pooling. Where the population line differs from group to group (level-2 predictors) all
 * is measured from it. `rows` are those of `shrinkage`. Throws `unknown-factor` and `option`.
 */
export function plotShrinkage(fit: ModelFit, factor: string, options: ShrinkagePictureOptions = {}): Picture {
  checkFit('plotShrinkage', fit);
  checkOptions('plotShrinkage', options, { ...PICTURE_OPTIONS, term: text, by: oneOf('n', 'se', 'order') });
  const { term, label } = groupTermOf(fit, factor, options.term);
  const rows = shrinkage(fit, factor).rows.filter((row) => row.term === label);
  const fromLine = rows.some(
    ({ populationLine }) => Math.abs(populationLine - rows[0]!.populationLine) > 1e-9 * Math.abs(populationLine),
  );
  const base = (row: ShrinkageRow) => (fromLine ? row.populationLine : 0);
  const by = options.by ?? defaultBy(rows);
  const values = xOf(rows, by);
  const known = rows.map((row, i) => ({ row, x: values[i]! })).filter(({ x }) => Number.isFinite(x));
  const own = (row: ShrinkageRow) => row.noPooling! - base(row);
  const moved = known.filter(({ row }) => row.noPooling !== null);
  const byMove = [...moved].sort((a, b) => move(b.row) - move(a.row));
  const largest = [...known].sort((a, b) => b.row.n - a.row.n);
  const sized = differs(rows.map(({ n }) => n));
  const named =
    rows.length <= 12
      ? [...byMove, ...known.filter(({ row }) => row.noPooling === null)]
      : [...byMove.slice(0, 5), ...(sized ? largest.slice(0, 3) : [])];
  const line = fromLine ? 0 : rows[0]!.populationLine;
  const complete = fromLine ? null : rows[0]!.completePooling;
  const fans = rows.length > ARROWS;
  const place = ({ row, x }: { row: ShrinkageRow; x: number }, y: number) => ({ x, y, key: row.level });
  const faint = rows.length > 120;
  const arrows: Mark[] = fans
    ? shrinkageFans(moved.map(({ row, x }) => ({ x, own: own(row), partial: row.partialPooling - base(row) })))
    : [
        {
          kind: 'segments',
          role: 'partial',
          width: faint ? 2 : 6,
          opacity: faint ? 0.15 : 0.25,
          segments: known.map(({ row, x }) => ({ x1: x, x2: x, y1: row.q5 - base(row), y2: row.q95 - base(row) })),
        },
        { kind: 'rule', role: 'population', y: line, width: 1.5 },
        ...(complete === null
          ? []
          : [{ kind: 'rule', role: 'complete', y: complete, width: 1.5, dash: 'dotted' } as const]),
        {
          kind: 'segments',
          role: 'muted',
          width: 1,
          opacity: faint ? 0.35 : 0.7,
          arrow: !faint,
          segments: moved.map(({ row, x }) => ({ x1: x, x2: x, y1: own(row), y2: row.partialPooling - base(row) })),
        },
      ];
  const drawn = fans ? [...new Map(byMove.slice(0, 6).map((each) => [each.row.level, each])).values()] : moved;
  const marks: Mark[] = [
    ...arrows,
    ...(fans ? [{ kind: 'rule', role: 'population', y: line, width: 1.5 } as const] : []),
    {
      kind: 'dots',
      role: 'own',
      shape: 'ring',
      radius: faint && !fans ? 2 : 4,
      points: drawn.map((each) => place(each, own(each.row))),
    },
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: faint && !fans ? 2 : 4,
      points: (fans ? drawn : known).map((each) => place(each, each.row.partialPooling - base(each.row))),
    },
    {
      kind: 'labels',
      labels: (fans ? drawn : named).map(({ row, x }) => ({
        x,
        y: row.noPooling === null ? row.partialPooling - base(row) : own(row),
        text: row.level,
      })),
    },
  ];
  const noun = rowNoun(fit);
  const what = labelOf(options, label);
  const xLabel = {
    n: `${noun}s of the ${factor}, n (log scale)`,
    se: 'standard error of its own estimate (log scale)',
    order: `${factor}, in the order of the own estimates`,
  }[by];
  const first = byMove[0]?.row;
  const without = rows.length - moved.length;
  const sentences = [
    fans
      ? `The bands hold nine tenths of the groups of about one place along x; ring and dot are those of the ${drawn.length} that move farthest.`
      : `Each arrow is one ${factor}: from what its own rows say to what the model says.`,
    first
      ? `${first.level} moves most: ${count(first.n, noun)}, ${short(move(first))} ${first.partialPooling < first.noPooling! ? 'down' : 'up'}.`
      : '',
    without > 0
      ? `${count(without, 'group')} cannot be estimated from ${without === 1 ? 'its' : 'their'} own rows alone and ${without === 1 ? 'has' : 'have'} no ring.`
      : '',
    rows.length > 12 && !fans ? `Named: the longest moves${sized ? ' and the largest groups' : ''}.` : '',
  ];
  const legend: LegendEntry[] = [
    {
      role: 'own',
      shape: fans ? 'band' : 'ring',
      text: `own data alone (no pooling)${fans ? ', 90% of the groups' : ''}`,
    },
    {
      role: 'partial',
      shape: fans ? 'band' : 'dot',
      text: `multilevel model (partial pooling)${fans ? ', 90% of the groups' : ''}`,
    },
    ...(fans ? [] : [{ role: 'partial', shape: 'band', text: '90% interval' } as const]),
    {
      role: 'population',
      shape: 'line',
      text: fromLine ? `what the model expects of the ${factor}` : 'population line',
    },
    ...(complete === null || fans
      ? []
      : [{ role: 'complete', shape: 'line', dash: 'dotted', text: 'complete pooling' } as const]),
  ];
  const ys = known.flatMap(({ row }) => [
    row.q5 - base(row),
    row.q95 - base(row),
    row.noPooling === null ? null : own(row),
  ]);
  const subtitle = fromLine
    ? `${what} of the ${factor} less the value that its level-2 predictors lead to`
    : `${what} of each ${factor}`;
  return picture({
    name: 'shrinkage',
    ...wordsOf(options, {
      title: `What pooling did to ${count(term.J, 'group')} of ${factor}`,
      subtitle: `${subtitle}${scaleWords(options, fit.design)}`,
      caption: sentences.filter((sentence) => sentence !== '').join(' '),
    }),
    description: `${count(term.J, 'group')} of ${factor}: own estimates and those of the multilevel model against ${xLabel}. ${sentences[1]}`,
    legend,
    columns: [1, 1],
    panels: [
      {
        x:
          by === 'order'
            ? { scale: 'linear', domain: [-0.5, known.length - 0.5], label: xLabel, ticks: [], grid: false }
            : { scale: 'log', domain: logDomain(known.map(({ x }) => x)), label: xLabel, grid: false },
        y: { scale: 'linear', domain: domainOf([...ys, line, complete]), count: 7 },
        height: 380,
        marks,
      },
    ],
    rows: rows.map(({ matrixWeights: _, ...row }) => ({ ...row })),
  });
}

const move = ({ noPooling, partialPooling }: ShrinkageRow): number => Math.abs(partialPooling - noPooling!);

const differs = (values: readonly number[]): boolean =>
  values.length > 0 && Math.max(...values) > 1.01 * Math.min(...values);

function defaultBy(rows: readonly ShrinkageRow[]): 'n' | 'se' | 'order' {
  if (differs(rows.map(({ n }) => n).filter((n) => n > 0))) return 'n';
  const errors = rows.flatMap(({ noPoolingSe }) => (noPoolingSe === null || noPoolingSe <= 0 ? [] : [noPoolingSe]));
  // Groups of a few standard errors, as of two designs, would stand over each other.
  const distinct = new Set(errors.map((error) => error.toPrecision(2))).size;
  return differs(errors) && distinct > errors.length / 2 ? 'se' : 'order';
}

/** Where each group stands along x; NaN where it has no place there. */
function xOf(rows: readonly ShrinkageRow[], by: 'n' | 'se' | 'order'): readonly number[] {
  if (by === 'se')
    return rows.map(({ noPoolingSe }) => (noPoolingSe !== null && noPoolingSe > 0 ? noPoolingSe : Number.NaN));
  if (by === 'n') return spreadTies(rows.map(({ n }) => (n > 0 ? n : Number.NaN)));
  const order = rows
    .map((row, i) => ({ i, value: row.noPooling ?? row.partialPooling }))
    .sort((a, b) => a.value - b.value);
  const out = new Array<number>(rows.length);
  order.forEach(({ i }, place) => {
    out[i] = place;
  });
  return out;
}

function logDomain(values: readonly number[]): readonly [number, number] {
  const [low, high] = domainOf(
    values.map((value) => Math.log10(value)),
    0.04,
  );
  return [10 ** low, 10 ** high];
}
