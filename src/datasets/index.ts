// The data sets of `partial-pooling/data`, columns by name: each is left out of a bundle that does not use it.
export type { Columns, Kind } from './columnsOf.ts';
export { hsb } from './hsb.ts';
export { radon } from './radon.ts';
export { sleepstudy } from './sleepstudy.ts';
export { voters } from './voters.ts';
