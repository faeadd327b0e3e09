import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hsb, radon, sleepstudy, voters } from '../../src/datasets/index.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { LikelihoodMethod } from '../../src/likelihood/maximumLikelihoodFit.ts';
import { fromReduced } from '../../src/reduction/fromReduced.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { type Database, duckdb } from './duckdb.ts';

let db: Database;
const columns = (data: object): Record<string, (number | string)[]> =>
  Object.fromEntries(Object.entries(data).map(([name, values]) => [name, Array.from(values as ArrayLike<number>)]));

/** Pupils with what the models below need beside the columns of the data. */
function pupils(): Record<string, (number | string)[]> {
  const data = columns(hsb);
  const school = data['school'] as string[];
  const size = new Map<string, number>();
  const ses = new Map<string, number>();
  for (const [i, own] of school.entries()) {
    size.set(own, (size.get(own) ?? 0) + 1);
    ses.set(own, (ses.get(own) ?? 0) + (data['ses']![i] as number));
  }
  return {
    ...data,
    size: school.map((own) => size.get(own)!),
    meanses: school.map((own) => ses.get(own)! / size.get(own)!),
    age: school.map((_, i) => 14 + ((i * 37) % 100) / 25),
    sex: school.map((_, i) => ((i * 7919) % 13 < 6 ? 'female' : 'male')),
    stratum: school.map((_, i) => 1 + ((i * 31) % 3) / 2),
    base: school.map((_, i) => ((i * 17) % 29) / 7),
    row: school.map((_, i) => `r${(i * 11) % 23}`),
  };
}

const DATA: Readonly<Record<string, Record<string, (number | string)[]>>> = {
  radon: columns(radon),
  sleepstudy: columns(sleepstudy),
  hsb: pupils(),
  voters: columns(voters),
};

beforeAll(async () => {
  db = await duckdb();
  for (const [name, data] of Object.entries(DATA)) await db.table(name, data);
});
afterAll(() => db.close());

/** The formulas of which the fit to the rows and that to the reduced rows are compared. */
const GAUSSIAN: readonly (readonly [string, string])[] = [
  ['radon', 'log_radon ~ floor + (1 | county)'],
  ['radon', 'log_radon ~ floor * log_uranium + (1 + floor | county)'],
  ['radon', 'log_radon ~ 1 + (1 | county)'],
  ['radon', 'log_radon ~ floor * log_uranium'],
  ['sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
  ['sleepstudy', 'log(Reaction) ~ poly(Days, 2) + (1 + scale(Days) | Subject)'],
  ['sleepstudy', 'Reaction ~ poly(log(Days + 1), 3) + (1 + center(Days) || Subject)'],
  [
    'sleepstudy',
    'log10(Reaction) ~ sin(2*pi*Days/9) + cos(2*pi*Days/9) + log2(Days + 3) + log1p(Days) + abs(Days - 4) + (1 | Subject)',
  ],
  ['sleepstudy', 'Reaction ~ factor(Days) + (1 | Subject)'],
  ['hsb', 'mathach ~ ses * sector + (1 + ses | school)'],
  ['hsb', 'mathach ~ within(ses, school) * sector + between(ses, school) + (1 + within(ses, school) | school)'],
  ['hsb', 'mathach ~ ses * sex + I(ses^2) + log(size) + center(ses):meanses + (1 + sex || school)'],
  ['hsb', 'mathach ~ ses * age * sex + scale(age):within(ses, school) + (1 | school)'],
  ['hsb', 'mathach ~ poly(age, 2) * ses + offset(base) + (1 + poly(age, 2) | school)'],
  ['hsb', 'mathach | weights(stratum) ~ ses + sector + (1 + ses | school)'],
  ['hsb', 'mathach | se(stratum) ~ ses + sector + (1 | school)'],
  ['hsb', 'mathach ~ ses + sex + (1 | school) + (1 + ses | row)'],
  ['hsb', 'mathach ~ ses + (1 | school / sex)'],
  ['hsb', 'mathach ~ ses + interaction(sex, sector) + (1 | school)'],
  ['hsb', 'mathach ~ I(ses > 0.2) * I(sex == "male") + offset((sex != "male") * 2) + (1 + I(age <= 16) | school)'],
];

describe('a Gaussian model fitted to cells', () => {
  for (const [table, text] of GAUSSIAN) {
    it(`is that of the rows: ${text}`, async () => {
      const data = DATA[table]!;
      const reduced = fromReduced(text, await reduce(text, { query: db.query, dialect: 'duckdb', from: table }));
      for (const method of ['REML', 'ML'] satisfies LikelihoodMethod[]) {
        const rows = maximumLikelihood(text, data, { method });
        const cells = maximumLikelihood(text, reduced, { method });
        expect(cells.design.n).toBeLessThanOrEqual(rows.design.n);
        // Values are rounded at 2^-45 of their range, and an optimum is found to about 1e-8 of its sds; the deviance at
        // it to the square of that.
        expect(Math.abs(cells.deviance - rows.deviance)).toBeLessThan(1e-10 * Math.abs(rows.deviance));
        expect(cells.bic).toBeCloseTo(rows.bic, 6);
        expect(cells.fixef.labels).toEqual(rows.fixef.labels);
        rows.fixef.estimates.forEach((estimate, k) => {
          const se = rows.fixef.standardErrors[k]!;
          expect(Math.abs(cells.fixef.estimates[k]! - estimate)).toBeLessThan(1e-6 * se);
          expect(cells.fixef.standardErrors[k]! / se).toBeCloseTo(1, 6);
        });
        if (rows.sigma !== null) expect(cells.sigma! / rows.sigma).toBeCloseTo(1, 7);
      }
    });
  }
});
