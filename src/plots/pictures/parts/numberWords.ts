import { format, precisionFixed } from 'd3-format';

/** A number in a sentence, two digits, with a true minus. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 0.001 || size >= 1e7) ? format('.2~e')(value) : format(size >= 100 ? ',.0f' : '.2r')(value);
  return text.replace(/,/g, '\u2009');
}

/** A whole number, its thousands apart. */
export function whole(n: number): string {
  return format(',d')(n).replace(/,/g, '\u2009');
}

/** `1 row`, `3 rows`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${whole(n)} ${n === 1 ? noun : plural}`;
}

/** Writes numbers with as many decimals as an interval of this width asks for. */
export function decimalsFor(width: number): (value: number) => string {
  return width > 0 && width < Number.POSITIVE_INFINITY ? format(`,.${precisionFixed(width / 20)}f`) : short;
}

/** A value of the data, as it was given, up to four digits. */
export function plain(value: number): string {
  return format('.4~r')(value);
}
