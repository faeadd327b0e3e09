/** A value and that of the function there. */
export interface FunctionPoint {
  readonly x: number;
  readonly value: number;
}

/** The newest point of a search, the one before it, and the other end of the bracket. */
export type Settled = (newest: FunctionPoint, before: number, other: number) => boolean;

const STEPS = 100;

/**
 * A zero of f between two points at which f has different signs: false position with the Illinois rule (Dowell &
 * Jarratt 1971), which halves the value of an end that stays, until `settled`. While f is infinite at an end the
 * bracket is halved.
 */
export function falsePosition(
  f: (x: number) => number,
  one: FunctionPoint,
  two: FunctionPoint,
  settled: Settled,
): number {
  let [a, fa] = [one.x, one.value];
  let [b, fb] = [two.x, two.value];
  for (let step = 0; step < STEPS; step++) {
    const x = Number.isFinite(fa) && Number.isFinite(fb) ? b - (fb * (b - a)) / (fb - fa) : (a + b) / 2;
    const value = f(x);
    const before = b;
    if (value > 0 === fb > 0) fa /= 2;
    else [a, fa] = [b, fb];
    [b, fb] = [x, value];
    if (settled({ x, value }, before, a)) return x;
  }
  return b;
}
