import { ticks as linearTicks, tickStep } from 'd3-array';
import { format, precisionFixed } from 'd3-format';
import { scaleLinear, scaleLog } from 'd3-scale';
import type { Axis, Tick } from './picture.ts';

/** A scale from data to pixels. */
export type Scale = (value: number) => number;

/** The scale of an axis onto a range of pixels. */
export function scaleOf({ scale, domain }: Axis, range: readonly [number, number]): Scale {
  const of = scale === 'log' ? scaleLog() : scaleLinear();
  const made = of.domain([...domain]).range([...range]);
  return (value) => made(value);
}

/** 1, 2 and 5 times powers of ten within the domain, fewer where there are more than `count`. */
function logTicks([low, high]: readonly [number, number], count: number): Tick[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      for (const step of steps) {
        const value = Number(`${step}e${power}`);
        if (value >= low && value <= high) values.push(value);
      }
    }
    // Within less than a step of these, round numbers are those of a line.
    if (values.length < 2)
      return linearTicks(low, high, count - 3).map((value) => ({ value, text: format(',.4~r')(value) }));
    if (values.length <= count || steps.length === 1)
      return values.map((value) => ({ value, text: format(',~r')(value).replace(/,/g, '\u2009') }));
  }
  return [];
}

/** The ticks of an axis: those given, or round numbers. */
export function ticksOf(axis: Axis): readonly Tick[] {
  if (axis.ticks) return axis.ticks;
  let count = axis.count ?? 5;
  const [low, high] = axis.domain;
  if (axis.scale === 'log') return logTicks(axis.domain, count + 3);
  if (!(Math.abs(high - low) > 0)) return [{ value: low, text: format('~g')(low) }];
  const ends = [Math.min(low, high), Math.max(low, high)] as const;
  // One number alone gives no scale; of whole numbers there may be no more.
  while (linearTicks(...ends, count).length < 2 && count < 8) count += 1;
  while (axis.whole && count > 1 && tickStep(...ends, count) < 1) count -= 1;
  const step = tickStep(...ends, count);
  const large = Math.max(Math.abs(low), Math.abs(high)) >= 1e7 || step < 1e-6;
  const write = format(large ? '.2~e' : `,.${precisionFixed(step)}f`);
  return linearTicks(...ends, count).map((value) => ({
    value,
    text: write(value).replace(/,/g, '\u2009'),
  }));
}
