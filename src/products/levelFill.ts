import { type HeadTail, headTail, placeOf } from '../linalg/sparse/headTail.ts';
import type { HeadTailMatrix } from '../linalg/sparse/headTailFactor.ts';
import { minimumDegree } from '../linalg/sparse/minimumDegree.ts';
import type { NodeGraph } from '../linalg/sparse/nodeGraph.ts';
import type { LevelProducts } from './levelProducts.ts';

/** The places of the factor of A + a diagonal: levels are the nodes, beta meets them all. */
export function levelPattern(A: LevelProducts): HeadTail {
  const { groups, offsets, p } = A;
  const widths = Int32Array.from(groups.flatMap(({ J, q }) => new Array<number>(J).fill(q)));
  const starts = groups.flatMap(({ J, q }, f) => Array.from({ length: J }, (_, j) => offsets[f]! + j * q));
  return headTail(minimumDegree(levelGraph(A, widths)), Int32Array.from(starts), widths, p);
}

function levelGraph({ groups, pairs }: LevelProducts, widths: Int32Array): NodeGraph {
  const nodes = firstNodes(groups);
  const start = new Int32Array(widths.length + 1);
  const each = (visit: (i: number, k: number) => void): void => {
    for (const pair of pairs) {
      for (let j = 0; j < groups[pair.f]!.J; j++) {
        for (let k = pair.start[j]!; k < pair.start[j + 1]!; k++) {
          visit(nodes[pair.f]! + j, nodes[pair.g]! + pair.levels[k]!);
        }
      }
    }
  };
  each((i, k) => {
    start[i + 1]!++;
    start[k + 1]!++;
  });
  for (let i = 0; i < widths.length; i++) start[i + 1]! += start[i]!;
  const neighbours = new Int32Array(start[widths.length]!);
  const next = start.slice();
  each((i, k) => {
    neighbours[next[i]!++] = k;
    neighbours[next[k]!++] = i;
  });
  return { widths, start, neighbours };
}

function firstNodes(groups: LevelProducts['groups']): number[] {
  let sum = 0;
  return groups.map(({ J }) => {
    sum += J;
    return sum - J;
  });
}

/**
 * Fills [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(added), `added` in the order of the coordinates. `Lambda[f]` is q_f x
 * q_f, row-major, not necessarily triangular. What `relativePrecision` is for the arrow.
 */
export type LevelFill = (Lambda: readonly Float64Array[], added: Float64Array, out: HeadTailMatrix) => void;

/** Prepares the fill: looks up once where each entry goes. */
export function levelFill(A: LevelProducts, pattern: HeadTail): LevelFill {
  const { p, size, offsets, groups, blocks, beside, population, pairs } = A;
  const { head, tail, place, start } = pattern;
  const find = placeOf(pattern);
  const pairPlaces = pairs.map(({ f, g, start: first, levels }) => {
    const { J, q } = groups[f]!;
    const width = groups[g]!.q;
    const places = new Int32Array(levels.length * q * width);
    let at = 0;
    for (let j = 0; j < J; j++) {
      for (let k = first[j]!; k < first[j + 1]!; k++) {
        for (let a = 0; a < q; a++) {
          for (let b = 0; b < width; b++, at++) {
            places[at] = find(offsets[f]! + j * q + a, offsets[g]! + levels[k]! * width + b);
          }
        }
      }
    }
    return places;
  });

  return (Lambda, added, out) => {
    const { diagonal, values, corner } = out;
    values.fill(0);
    corner.fill(0);
    const put = (where: number, value: number): void => {
      if (where >= 0) values[where] = value;
      else corner[-where - 1] = value;
    };
    groups.forEach(({ J, q }, f) => {
      const L = Lambda[f]!;
      const scaled = new Float64Array(q * q);
      const row = new Float64Array(p);
      for (let j = 0; j < J; j++) {
        congruent(blocks[f]!, j * q * q, L, L, q, q, scaled);
        for (let a = 0; a < q; a++) {
          const i = offsets[f]! + j * q + a;
          const column = place[i]!;
          const own = scaled[a * q + a]! + added[i]!;
          row.fill(0);
          for (let b = 0; b < q; b++) {
            const l = L[b * q + a]!;
            for (let k = 0; k < p; k++) row[k] = row[k]! + l * beside[f]![(j * q + b) * p + k]!;
          }
          if (column < head) {
            diagonal[column] = own;
            for (let b = a + 1; b < q; b++) values[start[column]! + b - a - 1] = scaled[b * q + a]!;
            const last = start[column + 1]! - p;
            for (let k = 0; k < p; k++) values[last + k] = row[k]!;
          } else {
            const t = column - head;
            corner[t * tail + t] = own;
            for (let b = a + 1; b < q; b++) corner[(t + b - a) * tail + t] = scaled[b * q + a]!;
            for (let k = 0; k < p; k++) corner[(tail - p + k) * tail + t] = row[k]!;
          }
        }
      }
    });
    pairs.forEach(({ f, g, levels, values: from }, at) => {
      const places = pairPlaces[at]!;
      const q = groups[f]!.q;
      const width = groups[g]!.q;
      if (q === 1 && width === 1) {
        const by = Lambda[f]![0]! * Lambda[g]![0]!;
        for (let k = 0; k < places.length; k++) put(places[k]!, by * from[k]!);
        return;
      }
      const scaled = new Float64Array(q * width);
      for (let k = 0; k < levels.length; k++) {
        congruent(from, k * q * width, Lambda[f]!, Lambda[g]!, q, width, scaled);
        for (let e = 0; e < q * width; e++) put(places[k * q * width + e]!, scaled[e]!);
      }
    });
    for (let k = 0; k < p; k++) {
      const row = (tail - p + k) * tail + tail - p;
      for (let l = 0; l <= k; l++) corner[row + l] = population[k * p + l]!;
      corner[row + k] = corner[row + k]! + added[size - p + k]!;
    }
  };
}

/** out := L' M R, M (q x width) at `from`, L q x q, R width x width. */
function congruent(
  M: Float64Array,
  from: number,
  L: Float64Array,
  R: Float64Array,
  q: number,
  width: number,
  out: Float64Array,
): void {
  for (let a = 0; a < q; a++) {
    for (let b = 0; b < width; b++) {
      let sum = 0;
      for (let k = 0; k < q; k++) {
        let inner = 0;
        for (let l = 0; l < width; l++) inner += M[from + k * width + l]! * R[l * width + b]!;
        sum += L[k * q + a]! * inner;
      }
      out[a * width + b] = sum;
    }
  }
}
