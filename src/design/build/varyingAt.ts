import type { Column } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns, makeTerm, parseTerm } from '../../formula/terms.ts';
import { graphParts } from '../../graph/formulaText.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import { type AtomValue, atomEvaluator } from '../columns/atomValue.ts';
import { columnSource } from '../columns/columnSource.ts';
import { fixedEncoder } from '../columns/learningEncoder.ts';
import { modelTerms } from '../columns/modelTerms.ts';
import { termColumns } from '../columns/termColumns.ts';
import type { Design } from '../design.ts';
import { varyingColumns } from './groupTerm.ts';

/** Values of columns of the data: numbers, or text for a factor. */
export type Point = Readonly<Record<string, number | string>>;

/** The varying columns of every group term at a point. */
export interface VaryingPoint {
  /** By group term, length q each. */
  readonly z: readonly Float64Array[];
  /** Where that is, as in `Days = 9`; null where nothing but intercepts varies. */
  readonly text: string | null;
  /** The columns of a log-linear residual sd there, length m; null where sigma has no terms. */
  readonly sigma: Float64Array | null;
  /**
   * The number of the occasion, where every occasion has a residual sd of its own (`unstructured`); null elsewhere, and
   * where its time is not given.
   */
  readonly occasion: number | null;
}

/**
 * The varying columns z_f of a row whose data columns have the values of `at`, and what its residual sd depends on, by
 * the codings and constants of the design. A column that reads a data column which is not given is 0, and the text says
 * so. Throws ModelError `at` for a name that no varying column reads and a value that is neither number nor text, and
 * `unknown-level` for a level without a coefficient.
 */
export function varyingAt(design: Design, at: Point = {}): VaryingPoint {
  const terms = termsOf(design);
  const { sigmaTerms, residual } = graphParts(design.graph).response;
  const scale = (sigmaTerms ?? []).map((term) => parseTerm(term));
  const groups = design.residual?.groups;
  const time = groups?.structure === 'unstructured' ? residual!.time! : null;
  const further = scale.flatMap((term) => term.atoms).flatMap((atom) => expressionColumns(atom.expression));
  const read = [...new Set([...varyingReads(design), ...further, ...(time === null ? [] : [time])])];
  const columns = new Map(Object.entries(at).map(([name, value]) => [name, pointColumn(name, value, read)]));
  const source = columnSource({ n: 1, columns }, new Map(), { where: 'at', rowName: () => 'at' });
  const known = atomEvaluator(source, fixedEncoder(design.encoding));
  const given = (atom: Atom): boolean => expressionColumns(atom.expression).every((name) => columns.has(name));
  const evaluate = (atom: Atom): AtomValue => (given(atom) ? known(atom) : zero(atom, design));
  const zeros = new Set<string>();
  let varies = false;
  const z = design.groupTerms.map(({ factor }) => {
    const bars = terms.bars.filter((bar) => bar.by === factor);
    const { columns: Z } = varyingColumns(bars, evaluate, 1);
    for (const { label, parts } of Z) {
      if (parts.length > 0) varies = true;
      if (!parts.every((part) => given(part.atom))) zeros.add(label);
    }
    return Float64Array.from(Z, ({ values }) => values[0]!);
  });
  const W = termColumns([makeTerm([]), ...scale], evaluate, 1).filter(({ parts }) => parts.length > 0);
  for (const { label, parts } of W) {
    varies = true;
    if (!parts.every((part) => given(part.atom))) zeros.add(label);
  }
  const said = [
    ...Object.entries(at).map(([name, value]) => `${name} = ${value}`),
    ...[...zeros].map((name) => `${name} = 0`),
  ];
  const sigma = W.length > 0 ? Float64Array.from(W, ({ values }) => values[0]!) : null;
  const occasion = time === null || at[time] === undefined ? null : occasionAt(time, groups!.occasions, at[time]);
  return { z, text: varies || occasion !== null ? said.join(', ') : null, sigma, occasion };
}

function occasionAt(time: string, occasions: readonly string[], value: number | string): number {
  const found = occasions.indexOf(String(value));
  if (found >= 0) return found;
  const message = `at: ${time} is ${quote(value)}, where no row of the fit is; its occasions are ${occasions.join(', ')}`;
  throw new ModelError('at', time, message);
}

/** The data columns that varying columns read, each once. */
export function varyingReads(design: Design): string[] {
  const atoms = termsOf(design).bars.flatMap((bar) => bar.terms.flatMap((term) => term.atoms));
  return [...new Set(atoms.flatMap((atom) => expressionColumns(atom.expression)))];
}

function termsOf({ graph, rows }: Design) {
  return modelTerms(graph, [...rows.columns.keys()]);
}

function pointColumn(name: string, value: unknown, read: readonly string[]): Column {
  if (!read.includes(name)) {
    const columns =
      read.length === 0 ? 'none varies but intercepts' : `they read ${nearestNames(name, read, 8).join(', ')}`;
    throw new ModelError('at', name, `at: no varying column of the model reads ${quote(name)}; ${columns}`);
  }
  if (typeof value === 'string') return { kind: 'text', values: [value] };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'number', values: Float64Array.of(value) };
  throw new ModelError(
    'at',
    name,
    `at: ${name} is ${quote(value)}; accepted is a finite number, or a text for a factor`,
  );
}

/** An atom with every one of its columns 0. */
function zero({ text, expression }: Atom, { encoding }: Design): AtomValue {
  const found = encoding[text];
  if (found?.kind === 'factor') {
    const label = expression.type === 'call' ? expressionText(expression.args[0]!) : text;
    const { levels, reference } = found;
    return { kind: 'factor', label, levels, reference, index: Int32Array.of(-1) };
  }
  const width = found?.kind === 'poly' ? found.degree : 1;
  const labels = width === 1 ? [text] : Array.from({ length: width }, (_, k) => `${text}${k + 1}`);
  return { kind: 'numeric', columns: labels.map((label) => ({ label, values: new Float64Array(1) })) };
}
