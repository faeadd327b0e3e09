import type { Atom } from '../../formula/expression.ts';
import { quote } from '../../input/quote.ts';
import type { AtomValue } from './atomValue.ts';
import { type Dependence, dependentColumns } from './dependentColumns.ts';
import type { TermColumn } from './termColumns.ts';

/** What cells that no row has make of X. */
export interface EmptyCells {
  /** Positions of the dependent columns that would be independent if every cell of their term had rows. */
  readonly columns: ReadonlySet<number>;
  /**
   * The cells that no row has, as printed, the first hundred of them; a cell within one that is listed already is not
   * listed again.
   */
  readonly cells: readonly string[];
  /** How many there are. */
  readonly count: number;
}

/** Cells that are listed. */
const MOST_LISTED = 100;
/** Cells of one term that are gone through one by one. */
const MOST_CELLS = 1e6;
/** Cells of one term over which all columns are compared. */
const MOST_IN_FULL = 2000;

/** A factor, or a column of two numbers: what makes cells. */
interface Category {
  readonly text: string;
  readonly full: number;
  /** Names of the levels in messages. */
  readonly names: readonly string[];
  /** Length n. */
  readonly index: Int32Array;
  /** What the column of that label is at each level. */
  values(label: string): readonly number[];
}

/** The terms that cross the same factors, times the same numeric columns, and all their margins. */
interface Family {
  readonly categories: readonly Category[];
  /** Positions of the columns, ascending. */
  readonly members: readonly number[];
}

/**
 * Which dependent columns of X are so because cells of an interaction never occur, and which cells these are.
 *
 * The columns of a term that crosses factors, with those of its margins (the terms within it, times the same numeric
 * columns), are functions on the cells of these factors. A column counts when on the cells that occur it is a
 * combination of columns before it, and on all cells it is not.
 */
export function emptyCells(
  X: readonly TermColumn[],
  evaluate: (atom: Atom) => AtomValue,
  dependent: readonly Dependence[],
): EmptyCells {
  const categoryOf = categories(evaluate);
  const wanted = new Set(dependent.map(({ column }) => column));
  const columns = new Set<number>();
  const named: { readonly family: Family; readonly empty: (code: readonly number[]) => boolean }[] = [];
  const cells: string[] = [];
  let count = 0;
  for (const family of families(X, categoryOf, wanted)) {
    const { categories: crossed } = family;
    const occurring = occurringCells(crossed);
    const total = crossed.reduce((product, { names }) => product * names.length, 1);
    if (occurring.size === total) continue;
    const always = alwaysDependent(X, family, categoryOf);
    if (always === null) continue;
    const found = dependentOn([...occurring.values()], X, family).filter((c) => wanted.has(c) && !always.has(c));
    if (found.length === 0) continue;
    for (const column of found) columns.add(column);
    const empty = (code: readonly number[]): boolean => !occurring.has(cellKey(code));
    if (total > MOST_CELLS) count += total - occurring.size;
    for (const code of total > MOST_CELLS ? [] : allCells(crossed)) {
      if (!empty(code) || named.some((other) => other.empty(project(code, crossed, other.family)))) continue;
      count += 1;
      if (cells.length < MOST_LISTED) cells.push(cellText(code, crossed));
    }
    named.push({ family, empty: within(family, empty) });
  }
  return { columns, cells, count };
}

/** The columns of a family that depend on those before them as functions on the given cells. */
function dependentOn(
  codes: readonly (readonly number[])[],
  X: readonly TermColumn[],
  { categories: crossed, members }: Family,
): number[] {
  const place = new Map(crossed.map(({ text }, k) => [text, k]));
  const functions = members.map((k) => {
    const parts = X[k]!.parts.filter(({ atom }) => place.has(atom.text));
    const at = parts.map(({ atom, label }) => {
      const c = place.get(atom.text)!;
      return { c, values: crossed[c]!.values(label) };
    });
    const values = Float64Array.from(codes, (code) =>
      at.reduce((product, part) => product * part.values[code[part.c]!]!, 1),
    );
    return { label: X[k]!.label, parts, values };
  });
  return dependentColumns(functions, codes.length).map(({ column }) => members[column]!);
}

/**
 * The columns of a family that are dependent even where every cell has rows; null where there are some and the cells
 * are too many to find them.
 *
 * Whether there are any needs no matrix: with C_i the contrasts of factor i, the columns of a term over S with the
 * factors F coded in full span the sum of C_U = (x)_{i in U} C_i over S \ F <= U <= S, so that they are independent
 * exactly when no U comes twice (Chambers & Hastie, page 38).
 */
function alwaysDependent(
  X: readonly TermColumn[],
  family: Family,
  categoryOf: (atom: Atom) => Category | null,
): ReadonlySet<number> | null {
  if (!overlapping(X, family.members, categoryOf)) return new Set();
  const total = family.categories.reduce((product, { names }) => product * names.length, 1);
  if (total > MOST_IN_FULL) return null;
  const codes = Array.from(allCells(family.categories), (code) => [...code]);
  return new Set(dependentOn(codes, X, family));
}

/** Returns a function that gives the category an atom is, or null for a number of more than two values. */
function categories(evaluate: (atom: Atom) => AtomValue): (atom: Atom) => Category | null {
  const known = new Map<string, Category | null>();
  const make = (atom: Atom): Category | null => {
    const value = evaluate(atom);
    if (value.kind === 'factor') {
      const { label, levels, index } = value;
      return {
        text: atom.text,
        full: levels.length,
        names: levels.map((level) => `${label} ${quote(level)}`),
        index,
        values: (column) => levels.map((level) => (label + level === column ? 1 : 0)),
      };
    }
    if (value.columns.length !== 1) return null;
    const [{ values, label }] = value.columns as [{ values: Float64Array; label: string }];
    const distinct = new Set<number>();
    for (const number of values) {
      distinct.add(number);
      if (distinct.size > 2) return null;
    }
    const levels = [...distinct].sort((a, b) => a - b);
    if (levels.length < 2) return null;
    const index = Int32Array.from(values, (number) => levels.indexOf(number));
    const names = levels.map((level) => `${label} ${level}`);
    return { text: atom.text, full: Infinity, names, index, values: () => levels };
  };
  return (atom) => {
    let category = known.get(atom.text);
    if (category === undefined) {
      category = make(atom);
      known.set(atom.text, category);
    }
    return category;
  };
}

/**
 * The families of all terms that cross two categories or more, of those that hold dependent columns, the fewest
 * categories first.
 */
function families(
  X: readonly TermColumn[],
  categoryOf: (atom: Atom) => Category | null,
  dependent: ReadonlySet<number>,
): Family[] {
  const numeric = X.map(({ parts }) => {
    const others = parts.filter(({ atom }) => categoryOf(atom) === null);
    return JSON.stringify(others.map(({ label }) => label).sort());
  });
  const found = new Map<string, Family>();
  X.forEach((column, c) => {
    const crossed = column.parts.flatMap(({ atom }) => categoryOf(atom) ?? []);
    if (crossed.length < 2) return;
    const texts = new Set(crossed.map(({ text }) => text));
    const key = JSON.stringify([[...texts].sort(), numeric[c]]);
    if (found.has(key)) return;
    const members = X.flatMap(({ parts }, k) => {
      const inside = parts.every(({ atom }) => categoryOf(atom) === null || texts.has(atom.text));
      return inside && numeric[k] === numeric[c] ? [k] : [];
    });
    found.set(key, { categories: crossed, members });
  });
  return [...found.values()]
    .filter(({ members }) => members.some((k) => dependent.has(k)))
    .sort((a, b) => a.categories.length - b.categories.length);
}

/** Whether the columns of a family are dependent even where every cell has rows. */
function overlapping(
  X: readonly TermColumn[],
  members: readonly number[],
  categoryOf: (atom: Atom) => Category | null,
): boolean {
  const terms = new Map<string, Map<string, { full: number; labels: Set<string> }>>();
  for (const k of members) {
    const { term, parts } = X[k]!;
    const atoms = terms.get(term) ?? new Map<string, { full: number; labels: Set<string> }>();
    terms.set(term, atoms);
    for (const { atom, label } of parts) {
      const category = categoryOf(atom);
      if (category === null) continue;
      const entry = atoms.get(atom.text) ?? { full: category.full, labels: new Set<string>() };
      entry.labels.add(label);
      atoms.set(atom.text, entry);
    }
  }
  const spaces = new Set<string>();
  for (const atoms of terms.values()) {
    let parts: string[][] = [[]];
    for (const [text, { full, labels }] of atoms) {
      const without = labels.size === full ? parts : [];
      parts = [...without, ...parts.map((part) => [...part, text])];
    }
    for (const part of parts) {
      const key = JSON.stringify(part.sort());
      if (spaces.has(key)) return true;
      spaces.add(key);
    }
  }
  return false;
}

/** The cells that occur: a level of each category, by key. */
function occurringCells(crossed: readonly Category[]): Map<string, readonly number[]> {
  const cells = new Map<string, readonly number[]>();
  const n = crossed[0]!.index.length;
  for (let i = 0; i < n; i++) {
    const code = crossed.map(({ index }) => index[i]!);
    const key = cellKey(code);
    if (!cells.has(key)) cells.set(key, code);
  }
  return cells;
}

function cellKey(code: readonly number[]): string {
  return code.join(',');
}

/** Every cell, the first category slowest. */
function* allCells(crossed: readonly Category[]): Generator<readonly number[]> {
  const code = crossed.map(() => 0);
  for (;;) {
    yield code;
    let k = code.length - 1;
    while (k >= 0 && code[k] === crossed[k]!.names.length - 1) {
      code[k] = 0;
      k -= 1;
    }
    if (k < 0) return;
    code[k]! += 1;
  }
}

/** A cell seen by a family of some of the same categories; empty where it has others too. */
function project(code: readonly number[], crossed: readonly Category[], { categories }: Family): readonly number[] {
  const places = categories.map(({ text }) => crossed.findIndex((category) => category.text === text));
  return places.includes(-1) ? [] : places.map((place) => code[place]!);
}

/** The same question of cells seen by `project`: no cell is empty where it has other categories. */
function within({ categories }: Family, empty: (code: readonly number[]) => boolean): typeof empty {
  return (code) => code.length === categories.length && empty(code);
}

function cellText(code: readonly number[], crossed: readonly Category[]): string {
  return code.map((level, k) => crossed[k]!.names[level]!).join(' with ');
}
