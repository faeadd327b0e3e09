import type { Moments } from '../../data/reducedRows.ts';
import { ModelError } from '../../errors.ts';
import type { Atom, Term } from '../../formula/expression.ts';
import type { AtomValue } from './atomValue.ts';
import { type Coding, contrasts } from './contrasts.ts';
import { constantForm, formValues, isConstantForm, type MomentForm, product } from './momentForm.ts';

/** One column an atom contributes to a product: `floor`, `sectorPublic`, `poly(x, 2)1`. */
export interface Part {
  readonly atom: Atom;
  readonly label: string;
}

/** One column of a design matrix: its label, its term, and the parts it is the product of (none for the intercept). */
export interface TermColumn {
  readonly label: string;
  readonly term: string;
  readonly parts: readonly Part[];
  /** Length n. */
  readonly values: Float64Array;
}

interface PartColumn extends Part {
  readonly values: Float64Array;
  /** Over rows that have moments: see `momentForm`. */
  readonly form?: MomentForm;
}

/**
 * The columns of a list of terms as R's model.matrix makes them: terms by degree, then as listed; within a term the
 * first atom's columns run fastest; factors coded by the rule of `contrasts`. Label of the intercept: `Intercept`.
 *
 * Throws ModelError when two columns would have one label.
 */
export function termColumns(
  terms: readonly Term[],
  evaluate: (atom: Atom) => AtomValue,
  n: number,
  moments?: Moments | null,
): TermColumn[] {
  const sorted = sortByDegree(terms);
  const factors = new Map<string, boolean>();
  for (const atom of sorted.flatMap((term) => term.atoms)) factors.set(atom.text, evaluate(atom).kind === 'factor');
  const codings = contrasts(sorted, (text) => factors.get(text)!);
  const indicators = new Map<string, Float64Array>();
  const columns: TermColumn[] = [];
  sorted.forEach((term, t) => {
    if (term.atoms.length === 0) {
      columns.push({ label: 'Intercept', term: term.label, parts: [], values: new Float64Array(n).fill(1) });
      return;
    }
    let products: { parts: Part[]; values: Float64Array; form?: MomentForm }[] = [];
    term.atoms.forEach((atom, k) => {
      const parts = partColumns(atom, evaluate(atom), codings[t]![k]!, indicators);
      products =
        k === 0
          ? parts.map((part) => ({ parts: [{ atom: part.atom, label: part.label }], ...factorOf(part) }))
          : parts.flatMap((part) =>
              products.map((left) => ({
                parts: [...left.parts, { atom: part.atom, label: part.label }],
                ...multiply(left, part, moments ?? null),
              })),
            );
    });
    for (const { parts, values } of products) {
      columns.push({ label: parts.map((part) => part.label).join(':'), term: term.label, parts, values });
    }
  });
  checkLabels(columns);
  return columns;
}

/** Terms by degree, keeping their order within a degree: R's order. */
export function sortByDegree(terms: readonly Term[]): Term[] {
  return [...terms].sort((a, b) => a.atoms.length - b.atoms.length);
}

/** The columns side by side, n x length, row-major. */
export function rowMajor(columns: readonly { readonly values: Float64Array }[], n: number): Float64Array {
  const width = columns.length;
  const matrix = new Float64Array(n * width);
  columns.forEach(({ values }, k) => {
    for (let i = 0, at = k; i < n; i++, at += width) matrix[at] = values[i]!;
  });
  return matrix;
}

/** The values of one part of an evaluated atom, length n: a numeric column, or the indicator of a level. */
export function partValues(value: AtomValue, label: string): Float64Array {
  if (value.kind === 'numeric') return value.columns.find((column) => column.label === label)!.values;
  const level = value.levels.findIndex((name) => value.label + name === label);
  return Float64Array.from(value.index, (j) => (j === level ? 1 : 0));
}

function partColumns(
  atom: Atom,
  value: AtomValue,
  coding: Coding,
  indicators: Map<string, Float64Array>,
): PartColumn[] {
  if (value.kind === 'numeric') return value.columns.map(({ label, ...factor }) => ({ atom, label, ...factor }));
  const levels = value.levels.filter((level) => coding === 'full' || level !== value.reference);
  return levels.map((level) => {
    const label = value.label + level;
    const key = `${atom.text}\n${level}`;
    let values = indicators.get(key);
    if (values === undefined) {
      values = partValues(value, label);
      indicators.set(key, values);
    }
    return { atom, label, values };
  });
}

/** Values of a column and, over rows that have moments, its form; a column without one is one number in every cell. */
interface Factor {
  readonly values: Float64Array;
  readonly form?: MomentForm;
}

function factorOf({ values, form }: Factor): Factor {
  return form === undefined ? { values } : { values, form };
}

function multiply(a: Factor, b: Factor, moments: Moments | null): Factor {
  const n = a.values.length;
  if (moments !== null) {
    const [left, right] = [a.form ?? constantForm(a.values), b.form ?? constantForm(b.values)];
    const form = product(left, right);
    if (!isConstantForm(left) && !isConstantForm(right)) return { values: formValues(form, moments, n), form };
    return { values: valueProduct(a.values, b.values), form };
  }
  return { values: valueProduct(a.values, b.values) };
}

function valueProduct(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
  return out;
}

function checkLabels(columns: readonly TermColumn[]): void {
  const terms = new Map<string, string>();
  for (const { label, term } of columns) {
    const other = terms.get(label);
    if (other !== undefined) {
      const message = `the terms ${other} and ${term} both give a column "${label}"; leave one out or rename a column of the data`;
      throw new ModelError('duplicate-label', label, message);
    }
    terms.set(label, term);
  }
}
