import { sortOrder } from '../../../diagnostics/sortOrder.ts';

/** The places of J values, lowest first. */
export interface Places {
  /** The first place, from 1, that a value and its equals take; length J. */
  readonly places: Int32Array;
  /** How many values are equal to it, itself included; length J. */
  readonly ties: Int32Array;
}

/** A function that ranks J finite values again and again, in arrays of its own. */
export function midranks(J: number): (values: Float64Array) => Places {
  const sort = sortOrder(J);
  const order = new Int32Array(J);
  const sorted = new Float64Array(J);
  const places = new Int32Array(J);
  const ties = new Int32Array(J);
  return (values) => {
    let mean = 0;
    for (let j = 0; j < J; j++) mean += values[j]! / J;
    sort(values, mean, order, sorted);
    for (let from = 0; from < J; ) {
      let to = from + 1;
      while (to < J && sorted[to] === sorted[from]) to += 1;
      for (let i = from; i < to; i++) {
        places[order[i]!] = from + 1;
        ties[order[i]!] = to - from;
      }
      from = to;
    }
    return { places, ties };
  };
}
