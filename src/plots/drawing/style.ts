import type { Role } from './picture.ts';

/** `auto` is light, and dark where the page or the system asks for it. */
export type Theme = 'auto' | 'light' | 'dark';

type Colour = Role | 'ink' | 'ground' | 'quiet' | 'grid';

/** Colours are written as they are: an SVG with CSS variables is black in viewers other than browsers. */
const LIGHT: Readonly<Record<Colour, string>> = {
  own: '#c2410c',
  partial: '#0b66b3',
  population: '#1b1f24',
  complete: '#5b6470',
  prior: '#5b6470',
  likelihood: '#1b1f24',
  data: '#1b1f24',
  muted: '#5b6470',
  chain1: '#0b66b3',
  chain2: '#b45f06',
  chain3: '#0b7a55',
  chain4: '#b83280',
  ink: '#1b1f24',
  ground: '#ffffff',
  quiet: '#5b6470',
  grid: '#e3e5e8',
};

const DARK: Readonly<Record<Colour, string>> = {
  own: '#ff9f5a',
  partial: '#63b3f5',
  population: '#e8eaed',
  complete: '#aab2bd',
  prior: '#aab2bd',
  likelihood: '#e8eaed',
  data: '#e8eaed',
  muted: '#aab2bd',
  chain1: '#63b3f5',
  chain2: '#f2b65a',
  chain3: '#4fd1a1',
  chain4: '#f08cc4',
  ink: '#e8eaed',
  ground: '#14171b',
  quiet: '#aab2bd',
  grid: '#2d3238',
};

const DRAWN: readonly Role[] = [
  'own',
  'partial',
  'population',
  'complete',
  'prior',
  'likelihood',
  'data',
  'muted',
  'chain1',
  'chain2',
  'chain3',
  'chain4',
];

/** The rules of one theme: `f` is filled, `s` a stroke, `h` hollow. */
function rules(id: string, colours: Readonly<Record<Colour, string>>, used: ReadonlySet<Role>): string {
  const at = `#${id} `;
  const roles = DRAWN.filter((role) => used.has(role)).map(
    (role) =>
      `${at}.${role}.f{fill:${colours[role]}}${at}.${role}.s{stroke:${colours[role]};fill:none}${at}.${role}.h{stroke:${colours[role]};fill:${colours.ground}}`,
  );
  return [
    `${at}.ground{fill:${colours.ground}}`,
    `${at}text{fill:${colours.ink}}`,
    `${at}.quiet{fill:${colours.quiet}}`,
    `${at}.halo{stroke:${colours.ground};stroke-width:3px;paint-order:stroke;stroke-linejoin:round}`,
    `${at}.grid{stroke:${colours.grid};fill:none}`,
    `${at}.chosen{stroke:${colours.ink};fill:none;stroke-width:2px}`,
    ...roles,
  ].join('');
}

/** The style sheet of a picture; every rule is of its id alone. */
export function styleSheet(id: string, theme: Theme, used: ReadonlySet<Role>): string {
  const fixed = `#${id} text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}#${id} .t{font-size:16px;font-weight:600}#${id} .b{font-weight:600}#${id} .m{font-size:11px}`;
  if (theme !== 'auto') return fixed + rules(id, theme === 'dark' ? DARK : LIGHT, used);
  return `${fixed}${rules(id, LIGHT, used)}@media (prefers-color-scheme:dark){${rules(id, DARK, used)}}`;
}
