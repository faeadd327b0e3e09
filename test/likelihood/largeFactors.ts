/** The data of test/fixtures/likelihood/largeFactors.R, by the same congruential generator. */
export type LargeData = Readonly<Record<string, readonly (string | number)[]>>;

function generator(seed: number): { readonly uniform: () => number; readonly normal: () => number } {
  let state = seed;
  const uniform = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return (state + 0.5) / 4294967296;
  };
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  return { uniform, normal };
}

/** Crossed at random: y = 1 + .3 x + u_a + v_a x + u_b + noise. */
function crossed(
  seed: number,
  n: number,
  [Ja, Jb]: [number, number],
  [ta, tx, tb]: [number, number, number],
): LargeData {
  const { uniform, normal } = generator(seed);
  const effects = (J: number, sd: number) => Array.from({ length: J }, () => sd * normal());
  const ua = effects(Ja, ta);
  const ux = effects(Ja, tx);
  const ub = effects(Jb, tb);
  const rows = Array.from({ length: n }, () => {
    const a = Math.floor(uniform() * Ja);
    const b = Math.floor(uniform() * Jb);
    const x = normal();
    return { a, b, x, y: 1 + 0.3 * x + ua[a]! + ux[a]! * x + ub[b]! + normal() };
  });
  return {
    a: rows.map(({ a }) => `${a}`),
    b: rows.map(({ b }) => `${b}`),
    x: rows.map(({ x }) => x),
    y: rows.map(({ y }) => y),
  };
}

/** Two rows for each pupil of `pupils` a class, `classes` a school. */
function nested(
  seed: number,
  schools: number,
  classes: number,
  pupils: number,
  sds: [number, number, number],
): LargeData {
  const { normal } = generator(seed);
  const effects = (J: number, sd: number) => Array.from({ length: J }, () => sd * normal());
  const us = effects(schools, sds[0]);
  const uc = effects(schools * classes, sds[1]);
  const up = effects(schools * classes * pupils, sds[2]);
  const rows = Array.from({ length: 2 * up.length }, (_, i) => {
    const p = i >> 1;
    const c = Math.floor(p / pupils);
    const s = Math.floor(c / classes);
    const x = normal();
    return { p, c, s, x, y: 2 + 0.5 * x + us[s]! + uc[c]! + up[p]! + normal() };
  });
  return {
    s: rows.map(({ s }) => `${s}`),
    c: rows.map(({ c }) => `${c}`),
    p: rows.map(({ p }) => `${p}`),
    x: rows.map(({ x }) => x),
    y: rows.map(({ y }) => y),
  };
}

export const LARGE: Readonly<Record<string, { readonly formula: string; readonly data: () => LargeData }>> = {
  crossed: { formula: 'y ~ x + (1 | a) + (1 | b)', data: () => crossed(1, 4000, [450, 420], [0.5, 0, 0.4]) },
  slopes: { formula: 'y ~ x + (1 + x | a) + (1 | b)', data: () => crossed(2, 5000, [450, 400], [0.6, 0.4, 0.5]) },
  zero: { formula: 'y ~ x + (1 | a) + (1 | b)', data: () => crossed(3, 4000, [450, 420], [0.5, 0, 0]) },
  nested: { formula: 'y ~ x + (1 | s) + (1 | c) + (1 | p)', data: () => nested(4, 40, 10, 3, [0.4, 0.3, 0.7]) },
};
