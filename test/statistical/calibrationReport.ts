import type { Uniformity } from './calibration.ts';
import { countsBelow, type EcdfBand } from './ecdfBand.ts';

/** A panel: the ranks of all quantities of one run. */
export interface Panel {
  readonly title: string;
  readonly found: readonly Uniformity[];
}

const WIDTH = 280;
const HEIGHT = 120;
const COLUMNS = 4;
/** Largest difference shown, in half widths of the band at its widest. */
const ROOM = 1.3;
/** A point of each curve in this many. */
const EVERY = 2;

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/**
 * An SVG of panels: for every quantity the empirical distribution function of its ranks less the uniform one, in the
 * simultaneous band `band` of Säilynoja, Bürkner & Vehtari (2022). Curves that leave the band are red.
 */
export function ecdfDifferences(panels: readonly Panel[], band: EcdfBand, dataSets: number, level: number): string {
  const points = band.low.length;
  const K = points + 1;
  const widest = Math.max(...band.high.map((high, i) => high - (dataSets * (i + 1)) / K));
  const scale = HEIGHT / 2 / (ROOM * widest);
  const x = (i: number): number => Math.round((10 * WIDTH * i) / K) / 10;
  const y = (count: number, i: number): number => Math.round(HEIGHT / 2 - scale * (count - (dataSets * i) / K));
  const curve = (counts: ArrayLike<number>): string => {
    let path = `M0 ${HEIGHT / 2}L`;
    for (let i = EVERY; i < K; i += EVERY) path += `${x(i)} ${y(counts[i - 1]!, i)} `;
    return `${path}${WIDTH} ${HEIGHT / 2}`;
  };
  const edge = (counts: ArrayLike<number>, order: readonly number[]): string =>
    order.map((i) => `${x(i)} ${y(counts[i - 1]!, i)}`).join(' ');
  const forward = Array.from({ length: points }, (_, i) => i + 1);
  const area = `M0 ${HEIGHT / 2}L${edge(band.high, forward)} ${WIDTH} ${HEIGHT / 2} ${edge(band.low, [...forward].reverse())}Z`;
  const rows = Math.ceil(panels.length / COLUMNS);
  const width = COLUMNS * (WIDTH + 16) + 16;
  const height = rows * (HEIGHT + 34) + 40;
  const body = panels.map(({ title, found }, index) => {
    const left = 16 + (index % COLUMNS) * (WIDTH + 16);
    const top = 58 + Math.floor(index / COLUMNS) * (HEIGHT + 34);
    const out = (p: number): boolean => !(p > level);
    const curves = (wanted: boolean): string =>
      found
        .filter(({ p }) => out(p) === wanted)
        .map(({ histogram }) => curve(countsBelow(histogram)))
        .join('');
    const red = curves(true);
    return [
      `<g transform="translate(${left} ${top})"><text y="-5">${escaped(title)}</text>`,
      '<use href="#band"/>',
      `<path class="in" d="${curves(false)}"/>`,
      red === '' ? '' : `<path class="out" d="${red}"/>`,
      '</g>',
    ].join('');
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="9">`,
    '<style>.in{fill:none;stroke:#357;stroke-width:.5;stroke-opacity:.6}.out{fill:none;stroke:#c00;stroke-width:1.2}</style>',
    `<defs><path id="band" fill="#dde5ee" d="${area}"/></defs>`,
    `<text x="16" y="20" font-size="13">Ranks of the true values among draws: empirical distribution function less the uniform one</text>`,
    `<text x="16" y="34">${dataSets} data sets in each panel, one curve for each quantity; shaded: simultaneous band, all panels together inside with probability 99%</text>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}
