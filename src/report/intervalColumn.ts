/** What an interval is drawn from. */
export interface IntervalRow {
  readonly variable: string;
  readonly q5: number | null;
  readonly q50: number | null;
  readonly q95: number | null;
}

const SIGNS = { line: '\u2500', middle: '\u25cf', zero: '\u2502', left: '\u251c', right: '\u2524' } as const;

/**
 * The intervals from q5 to q95 as characters, `width` of them a row: a dot at the median and an upright line at zero.
 * Rows of one variable (`tau_county[...]`) share a scale, which holds zero; `beta[Intercept]` has one of its own, being
 * as a rule far from the other coefficients. Rows without numbers are empty.
 */
export function intervalColumn(rows: readonly IntervalRow[], width: number): string[] {
  const family = ({ variable }: IntervalRow): string =>
    variable === 'beta[Intercept]' ? variable : variable.replace(/\[.*$/su, '');
  const domains = new Map<string, [number, number]>();
  for (const row of rows) {
    const domain = domains.get(family(row)) ?? [0, 0];
    for (const value of [row.q5, row.q50, row.q95]) {
      if (value === null || !Number.isFinite(value)) continue;
      domain[0] = Math.min(domain[0], value);
      domain[1] = Math.max(domain[1], value);
    }
    domains.set(family(row), domain);
  }
  return rows.map((row) => {
    const [low, high] = domains.get(family(row))!;
    const { q5, q50, q95 } = row;
    if (q5 === null || q50 === null || q95 === null || ![q5, q50, q95].every(Number.isFinite) || low === high)
      return '';
    const at = (value: number): number => Math.round(((value - low) / (high - low)) * (width - 1));
    const signs = new Array<string>(width).fill(' ');
    signs[at(0)] = SIGNS.zero;
    for (let i = at(q5); i <= at(q95); i += 1) signs[i] = SIGNS.line;
    signs[at(q5)] = SIGNS.left;
    signs[at(q95)] = SIGNS.right;
    signs[at(q50)] = SIGNS.middle;
    return signs.join('').trimEnd();
  });
}
