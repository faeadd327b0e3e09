import { uniforms } from '../../oracle/randomDesign.ts';

/** Rows of made-up groups: some occasions missing, rows out of order, time whole or not. */
export interface MadeRows {
  readonly columns: Record<string, (number | string)[]>;
  readonly n: number;
}

/**
 * `J` groups with rows at some of `T` occasions 0, 2, 4 .. (or at random times), in three towns; a class of each row.
 */
export function madeRows(J: number, T: number, seed: number, continuous = false): MadeRows {
  const uniform = uniforms(seed);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const rows: { group: string; town: string; time: number; x: number; kind: string; w: number; y: number }[] = [];
  for (let j = 0; j < J; j++) {
    const effect = normal();
    let last = normal();
    for (let t = 0; t < T; t++) {
      last = 0.6 * last + 0.8 * normal();
      if (uniform() < 0.25 && !(j < T && t === j)) continue;
      const x = normal();
      rows.push({
        group: `g${String(j).padStart(3, '0')}`,
        town: `t${j % 3}`,
        time: continuous ? t + 0.7 * uniform() : 2 * t,
        x,
        kind: uniform() < 0.5 ? 'a' : 'b',
        w: 0.5 + uniform(),
        y: 3 + 0.5 * x + effect + last,
      });
    }
  }
  rows.sort((a, b) => Math.sin(97 * a.x) - Math.sin(97 * b.x));
  const names = ['group', 'town', 'time', 'x', 'kind', 'w', 'y'] as const;
  return { n: rows.length, columns: Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])) };
}
