/** What a link to the page holds: the example, the formula and the seed; of a file its formula alone, never data. */
export interface Link {
  readonly example: string | null;
  readonly formula: string | null;
  readonly family: string | null;
  readonly seed: number;
}

export function readLink(hash: string): Link {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const seed = Number(said.get('seed') ?? 1);
  return {
    example: said.get('example'),
    formula: said.get('formula'),
    family: said.get('family'),
    seed: Number.isInteger(seed) && seed >= 0 && seed <= 4294967295 ? seed : 1,
  };
}

export function writeLink({ example, formula, family, seed }: Link): string {
  const said = new URLSearchParams();
  if (example !== null) said.set('example', example);
  if (formula !== null) said.set('formula', formula);
  if (family !== null && family !== 'auto') said.set('family', family);
  said.set('seed', String(seed));
  return `#${said}`;
}
