/**
 * Writes the modules of `src/datasets` from the CSV files beside this one: `npm run datasets`. `datasetModules` gives
 * their texts, which a test holds against the files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../src/index.ts';

interface Dataset {
  readonly file: string;
  readonly text: readonly string[];
  readonly doc: string;
}

const DATASETS: Readonly<Record<string, Dataset>> = {
  radon: {
    file: 'radon_arm.csv',
    text: ['county'],
    doc: `Radon in 919 houses of 85 counties of Minnesota: county, floor of the measurement (0 basement, 1 first floor),
 * activity (picocuries per litre), its log, and the log of the uranium in the county's soil (Price, Nero & Gelman 1996;
 * Gelman & Hill 2007). From the State Residential Radon Survey of the US Environmental Protection Agency, by way of the
 * R package rstanarm (GPL-3).`,
  },
  hsb: {
    file: 'hsb40.csv',
    text: ['school', 'sector'],
    doc: `Mathematics of 1977 pupils in 40 schools of High School and Beyond (1982): school, score, socio-economic status of
 * the family, sector of the school (Raudenbush & Bryk 2002). A survey of the US National Center for Education
 * Statistics, by way of the R package nlme (GPL-2 or later).`,
  },
  sleepstudy: {
    file: 'sleepstudy.csv',
    text: ['Subject'],
    doc: `Mean reaction times (ms) of 18 people on each of ten days, who slept three hours a night from day 2 on (Belenky et
 * al. 2003, Journal of Sleep Research 12). From the R package lme4 (GPL-2 or later).`,
  },
  voters: {
    file: 'voters.csv',
    text: ['state'],
    doc: `Made-up votes of 9978 people in 50 states, a row for each state and class of income: average income of the state,
 * income, votes for the one party (yes) among n, for the question of Gelman, Park, Shor, Bafumi & Cortina (2008). Drawn
 * by this project: no rights reserved.`,
  },
};

/** Characters of a line of cells, about. */
const LINE = 1000;

/** The text of each module by its path from the root of the repository. */
export function datasetModules(): ReadonlyMap<string, string> {
  const modules = Object.entries(DATASETS).map(([name, { file, text, doc }]) => {
    const csv = readFileSync(new URL(file, import.meta.url), 'utf8');
    const { columns, n } = parseCsv(csv, file, { text });
    const kinds = [...columns].map(([column, { kind }]) => `${column}: '${kind === 'number' ? 'number' : 'text'}'`);
    const rows = Array.from({ length: n }, (_, i) =>
      [...columns.values()].map((column) => String(column.values[i])).join(','),
    );
    const lines = rows.reduce<string[]>((all, row) => {
      const last = all.at(-1);
      if (last === undefined || last.length > LINE) all.push(row);
      else all[all.length - 1] = `${last};${row}`;
      return all;
    }, []);
    const source = `// Written by \`npm run datasets\` from examples/data/${file}: not to be edited.
import { columnsOf } from './columnsOf.ts';

/**
 * ${doc}
 */
export const ${name} = /* @__PURE__ */ columnsOf(
  { ${kinds.join(', ')} },
  \`${lines.join('\n')}\`,
);
`;
    return [`src/datasets/${name}.ts`, source] as const;
  });
  return new Map(modules);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, source] of datasetModules()) writeFileSync(new URL(`../../${path}`, import.meta.url), source);
}
