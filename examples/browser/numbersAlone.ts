// What d3-scale takes of d3-interpolate, for scales between numbers: a (1 - t) + b t. `directImports.ts` puts it in
// place.
export const interpolateNumber = (a: number, b: number) => (t: number) => a * (1 - t) + b * t;
export const interpolate = interpolateNumber;
export const interpolateRound = (a: number, b: number) => (t: number) => Math.round(a * (1 - t) + b * t);
/** Between more than two numbers, which no scale of pictures does. */
export const piecewise = (between: typeof interpolate, [a, b]: readonly [number, number]) => between(a, b);
