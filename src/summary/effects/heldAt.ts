import type { Column } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import type { EffectPoint } from './effectOptions.ts';
import type { Predictor, Predictors } from './predictors.ts';

/** Columns that are held, each at one value. */
export type Held = Readonly<Record<string, number | string>>;

const ACCEPTED = 'values of predictors, as { income: 0 } or { income: [-1, 0, 1] }';

/**
 * Every combination of the values of `at`, the first column slowest. Throws `option`, `unknown-predictor`, and
 * `unknown-level` for a level that the rows have not.
 */
export function heldAt(at: EffectPoint | undefined, found: Predictors): Held[] {
  if (at === undefined) return [{}];
  if (typeof at !== 'object' || at === null || Array.isArray(at)) throw optionError('at', at, ACCEPTED);
  let held: Held[] = [{}];
  for (const [name, given] of Object.entries(at)) {
    const predictor = found.named(name, 'at');
    const values: readonly unknown[] = Array.isArray(given) ? Array.from(given) : [given];
    if (values.length === 0) throw optionError('at', given, ACCEPTED);
    const accepted = values.map((value) => predictorValue(predictor, value, 'at'));
    held = held.flatMap((before) => accepted.map((value) => ({ ...before, [name]: value })));
  }
  return held;
}

/** A value that a predictor may have, as its column holds it. Throws `option` and `unknown-level`. */
export function predictorValue(predictor: Predictor, value: unknown, place: string): number | string {
  const { name } = predictor;
  if (predictor.kind === 'number') {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new ModelError('option', place, `${place}: ${name} got ${quote(value)}; accepted is a finite number`);
  }
  const own = predictor.values.find((level) => level === value || String(level) === String(value));
  if ((typeof value === 'string' || typeof value === 'number') && own !== undefined) return own;
  const levels = predictor.values.slice(0, 8).map((level) => quote(level));
  const more = predictor.values.length > 8 ? ', …' : '';
  const message = `${place}: ${name} got ${quote(value)}; its levels are ${levels.join(', ')}${more}`;
  throw new ModelError('unknown-level', place, message);
}

/** A column of n equal values. */
export function constantColumn(value: number | string, n: number): Column {
  return typeof value === 'number'
    ? { kind: 'number', values: new Float64Array(n).fill(value) }
    : { kind: 'text', values: new Array<string>(n).fill(value) };
}
