/** The label of a coefficient in a name as other programs write it: `(Intercept)` of R, `b_Days` of brms. */
export function labelOf(name: string): string {
  const label = name.trim().replace(/^b_(?=.)/, '');
  return /^(?:\(intercept\)|intercept|1)$/i.test(label) ? 'Intercept' : label;
}
