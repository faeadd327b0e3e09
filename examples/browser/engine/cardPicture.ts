import { fixef, type ShrinkageRow } from '../../../src/index.ts';
import type { Mark, Picture } from '../../../src/plots/index.ts';
import type { GroupFacts } from './groupFacts.ts';

/** The most dots that a card draws of one group. */
const DOTS = 400;

/** Ends of an axis around values, with some room. */
function around(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const room = 0.06 * (high - low) || 0.5;
  return [low - room, high + room];
}

/**
 * The rows of one group and three lines: of its own rows, of the model, of all. Along x a predictor of numbers, where
 * one enters as it is; without one the rows in their order. Null where the mean is no straight line (logit, probit,
 * log): there numbers say more.
 */
export function cardPicture(facts: GroupFacts, level: string): Picture | null {
  const { fit, factor, scale } = facts;
  const { design } = fit;
  const term = design.groupTerms.find((each) => each.factor === factor)!;
  const rows = facts.rows.filter((row) => row.level === level);
  const intercept = rows.find((row) => row.term === 'Intercept');
  if (scale !== 'response' || !intercept) return null;
  const beta = new Map(fixef(fit).map(({ term: name, estimate }) => [name, estimate ?? 0]));
  const j = term.levels.indexOf(level);
  const own: number[] = [];
  for (let i = 0; i < design.n; i += 1) if (term.index[i] === j) own.push(i);
  const level2 = new Set(term.level2.columns);
  const plain = (label: string) =>
    design.rows.columns.get(label)?.kind === 'number' && !term.level2.labels.includes(label);
  const candidates = [
    ...term.labels,
    ...design.columns.filter(({ parts }) => parts.length === 1).map(({ label }) => label),
  ];
  const found = candidates.find(plain);
  // A slope that depends on other columns is no one line, unless it varies by group, where those are in its own line.
  const crossed = design.columns.some(
    ({ parts, label }, c) => label !== found && !level2.has(c) && parts.some((part) => part.label === found),
  );
  const x = crossed ? undefined : found;
  const slopeRow = rows.find((row) => row.term === x);
  const rest = design.columns
    .map((column, c) => ({ column, c }))
    .filter(({ column, c }) => column.parts.length > 0 && !level2.has(c) && column.label !== x);
  const shift = rest.reduce((sum, { column, c }) => {
    const mean = own.reduce((part, i) => part + design.X[i * design.p + c]!, 0) / Math.max(1, own.length);
    return sum + (beta.get(column.label) ?? 0) * mean;
  }, 0);
  const every = Math.max(1, Math.ceil(own.length / DOTS));
  const drawn = own.filter((_, i) => i % every === 0);
  const at = x === undefined ? null : (design.rows.columns.get(x)!.values as ArrayLike<number>);
  const domain = at
    ? around(Array.prototype.filter.call(at, Number.isFinite) as number[])
    : ([0, 1] as [number, number]);
  const points = drawn.map((i, k) => ({ x: at ? at[i]! : (k + 0.5) / drawn.length, y: design.response.y[i]! }));
  const lineOf = (key: 'noPooling' | 'partialPooling' | 'populationLine') => {
    const slope = x === undefined ? 0 : slopeRow ? slopeRow[key] : (beta.get(x) ?? 0);
    const start = (intercept as ShrinkageRow)[key];
    return start === null || slope === null
      ? null
      : domain.map((value) => ({ x: value, y: start + shift + slope * value }));
  };
  const lines = { own: lineOf('noPooling'), partial: lineOf('partialPooling')!, population: lineOf('populationLine')! };
  const marks: Mark[] = [
    { kind: 'line', role: 'population', width: 1.2, points: lines.population },
    ...(lines.own ? [{ kind: 'line', role: 'own', width: 1.8, dash: 'dashed', points: lines.own } as const] : []),
    { kind: 'line', role: 'partial', width: 2.6, points: lines.partial },
    { kind: 'dots', role: 'data', shape: 'dot', radius: drawn.length > 60 ? 2 : 3.5, opacity: 0.6, points },
  ];
  const others = Array.from(
    { length: Math.min(design.n, 5000) },
    (_, k) => design.response.y[Math.floor((k * design.n) / Math.min(design.n, 5000))]!,
  );
  return {
    name: 'card',
    title: null,
    subtitle: design.response.label,
    caption: null,
    description: `The rows of ${level} with the line of its own data, of the model and of all groups.`,
    legend: [
      { role: 'own', shape: 'line', dash: 'dashed', text: 'own data alone' },
      { role: 'partial', shape: 'line', text: 'model' },
      { role: 'population', shape: 'line', text: 'common line' },
    ],
    columns: [1, 1],
    panels: [
      {
        x: {
          scale: 'linear',
          domain,
          count: 4,
          ...(x === undefined
            ? { label: 'its rows in their order', show: false, grid: false }
            : { label: x, ...ticksOf(at!) }),
        },
        y: {
          scale: 'linear',
          domain: around([
            ...others,
            ...points.map(({ y }) => y),
            ...[...(lines.own ?? []), ...lines.partial].map(({ y }) => y),
          ]),
          count: 5,
        },
        height: 190,
        marks,
      },
    ],
    rows: [],
  };
}

/** Ticks at the values themselves where there are few. */
function ticksOf(values: ArrayLike<number>): {
  readonly ticks?: readonly { readonly value: number; readonly text: string }[];
} {
  const different = new Set<number>();
  for (let i = 0; i < values.length && different.size <= 6; i += 1)
    if (Number.isFinite(values[i]!)) different.add(values[i]!);
  if (different.size > 6) return {};
  return {
    ticks: [...different]
      .sort((a, b) => a - b)
      .map((value) => ({ value, text: String(Math.round(100 * value) / 100).replace('-', '−') })),
  };
}
