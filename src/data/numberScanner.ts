/** The marks with which numbers are written. */
export interface NumberMarks {
  readonly decimal: '.' | ',';
  /** Between groups of three digits; '' for none. */
  readonly thousands: string;
}

/** What a scanner found in the cell it read last. */
export interface NumberScanner {
  /**
   * Whether a text without blanks about it is a number: digits, a decimal mark, an exponent; or infinity by name.
   * Linear in the length of the text.
   */
  scan(cell: string): boolean;
  /** The nearest double; infinite for `Inf` and what is beyond the doubles. */
  value: number;
  /** How the digits follow from the value: 0 by `String`, 1 + k by `toFixed(k)`, `UNLIKE` by neither. */
  written: number;
  /**
   * Whether it is a whole number that its value does not print back, as of ids: leading zeros, and digits that a double
   * cannot hold.
   */
  identifier: boolean;
}

/** A number whose text cannot be told from its value. */
export const UNLIKE = 255;

/** Up to so many digits every decimal number prints back from its double. */
const SURE_DIGITS = 15;

/**
 * The largest power of ten that is a double, and with it quotients of whole numbers below 2^53 are rounded once
 * (Clinger 1990).
 */
const POWERS = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

const [ZERO, NINE, PLUS, MINUS] = [48, 57, 43, 45];
const INFINITE = /^[+-]?inf(?:inity)?$/i;

/** A reader of numbers written with the given marks. */
export function numberScanner({ decimal, thousands }: NumberMarks): NumberScanner {
  const point = decimal.charCodeAt(0);
  const grouped = thousands === '' ? null : groupedDigits(thousands, decimal);
  const scanner: NumberScanner = { value: 0, written: 0, identifier: false, scan };

  function scan(given: string): boolean {
    let cell = given;
    const groups = grouped?.test(given) === true;
    if (groups) cell = withoutMarks(given, thousands);
    const first = cell.charCodeAt(0);
    const signed = first === MINUS || first === PLUS ? 1 : 0;
    let i = signed;
    let mantissa = 0;
    let significant = 0;
    const digits = (): number => {
      const start = i;
      for (; i < cell.length; i += 1) {
        const digit = cell.charCodeAt(i) - ZERO;
        if (!(digit >= 0 && digit <= 9)) break;
        if (significant > 0 || digit > 0) significant += 1;
        if (significant <= SURE_DIGITS) mantissa = 10 * mantissa + digit;
      }
      return i - start;
    };
    const whole = digits();
    let fraction = -1;
    if (cell.charCodeAt(i) === point) {
      i += 1;
      fraction = digits();
    }
    if (whole + Math.max(fraction, 0) === 0) return infinite(given);
    const mantissaEnd = i;
    if (i < cell.length && !exponent()) return false;

    const negative = first === MINUS;
    const plain = i === mantissaEnd && significant <= SURE_DIGITS && fraction < POWERS.length;
    const size = plain
      ? mantissa / POWERS[Math.max(fraction, 0)]!
      : Math.abs(Number(decimal === ',' ? cell.replace(',', '.') : cell));
    scanner.value = negative ? -size : size;
    const leadingZero = whole > 1 && cell.charCodeAt(signed) === ZERO;
    const usual =
      plain && !leadingZero && !groups && whole > 0 && fraction !== 0 && first !== PLUS && !(negative && size === 0);
    if (usual) scanner.written = fraction > 0 ? 1 + fraction : 0;
    else scanner.written = !groups && printed(scanner.value, 0, decimal) === given ? 0 : UNLIKE;
    const isWhole = fraction < 0 && mantissaEnd === i && !groups;
    scanner.identifier = isWhole && (leadingZero || (significant > SURE_DIGITS && String(size) !== cell.slice(signed)));
    return true;

    /** Whether an exponent is all that follows. */
    function exponent(): boolean {
      const letter = cell.charCodeAt(i) | 32;
      if (letter !== 101) return false;
      i += 1;
      const sign = cell.charCodeAt(i);
      if (sign === MINUS || sign === PLUS) i += 1;
      const start = i;
      while (i < cell.length && cell.charCodeAt(i) >= ZERO && cell.charCodeAt(i) <= NINE) i += 1;
      return i > start && i === cell.length;
    }
  }

  function infinite(cell: string): boolean {
    if (cell.length > 9 || !INFINITE.test(cell)) return false;
    scanner.value = cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    scanner.written = UNLIKE;
    scanner.identifier = false;
    return true;
  }
  return scanner;
}

/** The text of a number as it was written (see `NumberScanner.written`), where that can be told from its value. */
export function printed(value: number, written: number, decimal: '.' | ','): string {
  const text = written === 0 ? String(value) : value.toFixed(written - 1);
  return decimal === ',' ? text.replace('.', ',') : text;
}

/** Blanks that separate thousands are as often ones that do not break. */
function markPattern(thousands: string): string {
  return thousands === ' ' ? '[ \\u00a0\\u202f]' : thousands.replace(/[.*+?^${}()|[\]\\]/u, '\\$&');
}

/** Digits in groups of three, at least one mark, then no further digit of theirs. */
function groupedDigits(thousands: string, decimal: string): RegExp {
  const mark = markPattern(thousands);
  return new RegExp(`^[+-]?\\d{1,3}(?:${mark}\\d{3})+(?:$|[${decimal}eE])`, 'u');
}

/** A number without its marks between thousands. */
export function withoutMarks(cell: string, thousands: string): string {
  return thousands === '' ? cell : cell.replace(new RegExp(markPattern(thousands), 'gu'), '');
}
