import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';

/**
 * Powers of ten up to which a column may be large or small: a slope is response over column, and its square must stay a
 * double, 1e-308 to 1e308.
 */
const REACH = { response: 102, column: 50, 'varying column': 50 } as const;

/**
 * Throws ModelError `column-size` where the largest number of a column, in absolute value, is so large or so small that
 * squares overflow or vanish; a column of zeros passes.
 */
export function checkSize(values: ArrayLike<number>, what: keyof typeof REACH, label: string): void {
  let peak = 0;
  for (let i = 0; i < values.length; i++) peak = Math.max(peak, Math.abs(values[i]!));
  const [smallest, largest] = [Number(`1e-${REACH[what]}`), Number(`1e${REACH[what]}`)];
  if (peak === 0 || (peak <= largest && peak >= smallest)) return;
  const size = peak > largest ? 'large' : 'small';
  throw new ModelError(
    'column-size',
    label,
    `${what} ${quote(label)} is too ${size}: its largest number is ${peak}, and squares leave the range of numbers; accepted are sizes from ${smallest} to ${largest}: give it in another unit`,
  );
}
