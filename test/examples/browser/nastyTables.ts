/** A file that people drop on pages, and what the page has to say of it. */
export interface NastyTable {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly says: RegExp;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const rows = (row: (i: number) => string, n = 60): string => Array.from({ length: n }, (_, i) => row(i)).join('');
const y = (i: number): string => (3 * Math.sin(i) + (i % 7)).toFixed(3);

export const NASTY: readonly NastyTable[] = [
  { name: 'nothing', bytes: utf8(''), says: /nothing\.csv.*empty/ },
  { name: 'a header alone', bytes: utf8('y,x,g\n'), says: /no rows|header/ },
  { name: 'ragged rows', bytes: utf8('y,g\n1,a\n2,b,c\n'), says: /line 3/ },
  { name: 'a quote that is never closed', bytes: utf8('y,g\n1,"a\n2,b\n'), says: /quote/ },
  {
    name: 'semicolons and decimal commas',
    bytes: utf8(`y;g\r\n${rows((i) => `${y(i).replace('.', ',')};g${i % 6}\r\n`)}`),
    says: /60 rows.*draws/s,
  },
  {
    name: 'markup and formulas in its names',
    bytes: utf8(`"<img src=x onerror=alert(1)>",=cmd\n${rows((i) => `${y(i)},<b>${i % 5}</b>\n`)}`),
    says: /<img src=x onerror=alert\(1\)>.*draws/s,
  },
  {
    name: 'UTF-16',
    bytes: new Uint8Array(Buffer.from(`\ufeffy\tg\n${rows((i) => `${y(i)}\tÅ${i % 6}\n`)}`, 'utf16le')),
    says: /60 rows.*draws/s,
  },
  { name: 'bytes of no text', bytes: Uint8Array.from({ length: 400 }, (_, i) => (i * 151 + 7) % 256), says: /\S/ },
  { name: 'one value throughout', bytes: utf8(`y,g\n${rows((i) => `1,g${i % 5}\n`)}`), says: /\S/ },
  {
    name: 'cells that are missing',
    bytes: utf8(`y,x,g\n${rows((i) => `${i % 9 === 0 ? 'NA' : y(i)},${i % 4},g${i % 6}\n`)}`),
    says: /7 missing.*draws/s,
  },
];
