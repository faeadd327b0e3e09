/** A row's log-likelihood as a function of eta, and the values of eta about which it bends. */
export interface ProfileRow {
  readonly x: readonly number[];
  readonly z: number;
  readonly group: number;
  /** How many rows are like it. Default 1. */
  readonly count?: number;
  log(eta: number, parameters: readonly number[]): number;
  bends(parameters: readonly number[]): readonly number[];
}

/**
 * -2 log likelihood of rows with one varying coefficient, eta = x'beta + tau z xi, xi ~ N(0, 1) a group, minimised over
 * beta (and what else is among the `parameters`, of which beta are the last) at each tau: an integral a group by
 * Gauss-Legendre panels that end where a row bends, wide beside 1 / tau and narrow. The search is Nelder & Mead's
 * (1965) from the best of the parameters known, those of the tau before also in proportion to tau.
 */
export function scalarProfile(
  rows: readonly ProfileRow[],
  start: readonly number[],
  taus: readonly number[],
): { tau: number; deviance: number; parameters: number[] }[] {
  const groups = [...new Set(rows.map(({ group }) => group))].map((g) => rows.filter(({ group }) => group === g));
  const deviance = (parameters: readonly number[], tau: number): number =>
    groups.reduce((sum, members) => sum - 2 * Math.log(integral(members, parameters, tau)), 0);
  let last: number[] = [...start];
  let lastTau = 0;
  return taus.map((tau) => {
    const from = [[...start], last];
    if (lastTau > 0) from.push(last.map((value) => (value * tau) / lastTau));
    const heights = from.map((point) => deviance(point, tau));
    const best = from[heights.indexOf(Math.min(...heights))]!;
    let at = nelderMead((point) => deviance(point, tau), best);
    at = nelderMead((point) => deviance(point, tau), at);
    [last, lastTau] = [at, tau];
    return { tau, deviance: deviance(at, tau), parameters: at };
  });
}

const END = 8.5;
/** Nodes and weights of 8 points on (-1, 1). */
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

function integral(members: readonly ProfileRow[], parameters: readonly number[], tau: number): number {
  const etas = members.map(({ x }) => {
    const shift = parameters.length - x.length;
    return x.reduce((sum, value, k) => sum + value * parameters[shift + k]!, 0);
  });
  const height = (xi: number): number =>
    Math.exp(
      members.reduce((sum, row, i) => sum + (row.count ?? 1) * row.log(etas[i]! + tau * row.z * xi, parameters), 0) -
        (xi * xi) / 2,
    );
  const edges = [-END, -5, -3, -2, -1, 0, 1, 2, 3, 5, END];
  members.forEach((row, i) => {
    const scale = tau * row.z;
    if (scale === 0) return;
    for (const bend of row.bends(parameters)) {
      for (const reach of [-40, -12, -4, 0, 4, 12, 40]) {
        const edge = (bend + reach - etas[i]!) / scale;
        if (Math.abs(edge) < END) edges.push(edge);
      }
    }
  });
  edges.sort((a, b) => a - b);
  let sum = 0;
  for (let k = 1; k < edges.length; k += 1) {
    const half = (edges[k]! - edges[k - 1]!) / 2;
    if (half < 1e-12) continue;
    const middle = (edges[k]! + edges[k - 1]!) / 2;
    NODES.forEach((node, i) => {
      sum += half * WEIGHTS[i]! * (height(middle + half * node) + height(middle - half * node));
    });
  }
  return sum / Math.sqrt(2 * Math.PI);
}

function nelderMead(f: (x: readonly number[]) => number, start: readonly number[]): number[] {
  const d = start.length;
  const value = (x: number[]) => {
    const height = f(x);
    return { x, height: Number.isFinite(height) ? height : 1e12 };
  };
  let simplex = [
    value([...start]),
    ...start.map((_, k) => value(start.map((entry, i) => (i === k ? entry + 0.5 + 0.2 * Math.abs(entry) : entry)))),
  ];
  for (let step = 0; step < 150 * d; step += 1) {
    simplex.sort((a, b) => a.height - b.height);
    const worst = simplex[d]!;
    if (worst.height - simplex[0]!.height < 1e-7) break;
    const centre = start.map((_, k) => simplex.slice(0, d).reduce((sum, { x }) => sum + x[k]! / d, 0));
    const at = (by: number) => value(centre.map((entry, k) => entry + by * (worst.x[k]! - entry)));
    const reflected = at(-1);
    let next = reflected;
    if (reflected.height < simplex[0]!.height) {
      const further = at(-2);
      if (further.height < reflected.height) next = further;
    } else if (reflected.height >= simplex[d - 1]!.height) {
      next = at(reflected.height < worst.height ? -0.5 : 0.5);
      if (next.height >= worst.height) {
        simplex = simplex.map(({ x }, i) =>
          i === 0 ? simplex[0]! : value(x.map((entry, k) => (entry + simplex[0]!.x[k]!) / 2)),
        );
        continue;
      }
    }
    simplex[d] = next;
  }
  return simplex.sort((a, b) => a.height - b.height)[0]!.x;
}
