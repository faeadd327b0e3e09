import type { Column } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import { type AtomValue, atomEvaluator } from '../columns/atomValue.ts';
import { columnSource } from '../columns/columnSource.ts';
import { fixedEncoder } from '../columns/learningEncoder.ts';
import { modelTerms } from '../columns/modelTerms.ts';
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
}

/**
 * The varying columns z_f of a row whose data columns have the values of `at`, by the codings and constants of the
 * design. A column that reads a data column which is not given is 0, and the text says so. Throws ModelError `at` for a
 * name that no varying column reads and a value that is neither number nor text, and `unknown-level` for a level
 * without a coefficient.
 */
export function varyingAt(design: Design, at: Point = {}): VaryingPoint {
  const terms = termsOf(design);
  const read = varyingReads(design);
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
  const said = [
    ...Object.entries(at).map(([name, value]) => `${name} = ${value}`),
    ...[...zeros].map((name) => `${name} = 0`),
  ];
  return { z, text: varies ? said.join(', ') : null };
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
