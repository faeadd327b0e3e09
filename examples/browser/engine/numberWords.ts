/** A number with the digits that its standard deviation warrants, with a true minus. */
export function shown(value: number, sd: number): string {
  const decimals = sd > 0 && Number.isFinite(sd) ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(sd)))) : 2;
  return value
    .toFixed(decimals)
    .replace(/^-(?=0(?:\.0*)?$)/, '')
    .replace('-', '−');
}

/** `1 house`, `116 houses`. */
export function counted(n: number, noun: readonly [one: string, many: string]): string {
  return `${n.toLocaleString('en').replaceAll(',', ' ')} ${n === 1 ? noun[0] : noun[1]}`;
}

/** A share as a percentage that never says 0 or 100 of what is neither. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1%';
  if (share < 1 && share > 0.99) return 'more than 99%';
  return `${Math.round(100 * share)}%`;
}
