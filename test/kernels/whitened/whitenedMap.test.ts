import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import type { Design } from '../../../src/design/design.ts';
import { families } from '../../../src/families/familyOf.ts';
import { formula } from '../../../src/formula/formula.ts';
import { cellLogLik } from '../../../src/kernels/cells/cellLogLik.ts';
import { cellTable } from '../../../src/kernels/cells/cellTable.ts';
import { branches } from '../../../src/kernels/whitened/branches.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { whitener } from '../../../src/kernels/whitened/whiten.ts';
import { whitenedBranches } from '../../../src/kernels/whitened/whitenedBranches.ts';
import type { WhitenedModel } from '../../../src/kernels/whitened/whitenedModel.ts';
import { whitenedSampler } from '../../../src/kernels/whitened/whitenedSampler.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { cells } from '../../../src/products/cells.ts';
import { createRng } from '../../../src/random/rng.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { nestedRows } from '../../oracle/nestedRows.ts';

const models: readonly [string, string, 'binomialLogit' | 'bernoulliProbit'][] = [
  ['contraception', 'use ~ age + urban + livch + (1 | district)', 'binomialLogit'],
  ['contraception', 'use ~ age + urban + livch + (1 + urban | district)', 'binomialLogit'],
  ['voters_sim', 'y ~ income * avgincome + (1 + income | state)', 'binomialLogit'],
  ['contraception', 'use ~ age + (1 + age + urban | district)', 'binomialLogit'],
  ['contraception', 'use ~ age + (1 | district) + (1 + urban | livch)', 'binomialLogit'],
  ['contraception', 'use ~ age + urban', 'binomialLogit'],
  ['contraception', 'use ~ age + urban + (1 | district)', 'bernoulliProbit'],
];

const designOf = (data: string, text: string, family: 'binomialLogit' | 'bernoulliProbit'): Design =>
  buildDesign(formula(text, { family }), { rows: fixtureFrame(data) });

const fitted = new Map<string, WhitenedModel>();

/** The fitted model, made once for the tests of this file. */
function modelOf(data: string, text: string, name: 'binomialLogit' | 'bernoulliProbit'): WhitenedModel {
  const key = `${data};${text};${name}`;
  const design = designOf(data, text, name);
  const model = fitted.get(key) ?? toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
  fitted.set(key, model);
  return model;
}

/** sum_i log p(y_i | eta_i) less the binomial constants, row by row in user coordinates. */
function rowByRow(design: Design, u: readonly Float64Array[], beta: Float64Array): number {
  const { n, p, X, response, groupTerms } = design;
  const family = families[response.family];
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    let eta = 0;
    for (let k = 0; k < p; k += 1) eta += X[i * p + k]! * beta[k]!;
    groupTerms.forEach(({ q, Z, index }, f) => {
      for (let k = 0; k < q; k += 1) eta += Z[i * q + k]! * u[f]![index[i]! * q + k]!;
    });
    const size = response.trials?.[i] ?? 1;
    sum += family.logLik(response.y[i]!, size, eta, 1) - family.logConstant(response.y[i]!, size);
  }
  return sum;
}

describe('the log-likelihood of the cells', () => {
  // Spreads of 0.3 and 0.4 as in a posterior; 12 and 9 send predictors beyond 40, where products of odds and tables
  // end.
  const spreads = [
    [0.3, 0.4],
    [12, 9],
  ] as const;
  const spreadModels = models.flatMap((model) => spreads.map((spread) => [...model, ...spread] as const));
  it.each(spreadModels)(
    'is that of the rows to 1e-9 a row: %s, %s, %s, spreads %d and %d',
    (data, text, name, wide, level) => {
      const design = designOf(data, text, name);
      const merged = cells(design).design;
      const table = cellTable(merged);
      const { add, border, prepare, length } = cellLogLik(families[name], table);
      const rng = createRng([17]);
      const beta = Float64Array.from({ length: design.p }, () => wide * rng.normal());
      const u = design.groupTerms.map(({ J, q }) => Float64Array.from({ length: J * q }, () => level * rng.normal()));
      // The user's coordinates in the order of the arrow matrix, as working ones.
      const x = new Float64Array(table.layout.size);
      const { borderOffsets } = table.layout;
      const solve = (inverse: Float64Array, k: number, from: Float64Array, at: number, to: number): void => {
        for (let a = 0; a < k; a += 1) {
          for (let b = a; b < k; b += 1) x[to + a] = x[to + a]! + inverse[a * k + b]! * from[at + b]!;
        }
      };
      design.groupTerms.forEach(({ J, q }, f) => {
        for (let j = 0; j < J; j += 1) {
          solve(table.coordinates.groups[f]!.inverse, q, u[f]!, j * q, borderOffsets[f]! + j * q);
        }
      });
      solve(table.coordinates.beta.inverse, design.p, beta, 0, borderOffsets[design.groupTerms.length]!);
      const tail = table.layout.size - table.layout.pattern.r;
      const predictor = new Float64Array(length);
      for (let d = 0; d < table.rows; d += 1) {
        predictor[d] = table.base[d]!;
        for (let k = d * table.count; k < (d + 1) * table.count; k += 1) {
          predictor[d] = predictor[d]! + table.values[k]! * x[tail + table.columns[k]!]!;
        }
      }
      let total = 0;
      border.forEach((value, k) => {
        total += value * x[tail + k]!;
      });
      prepare(predictor);
      const values = new Float64Array(table.J);
      const factors = new Float64Array(table.J).fill(1);
      add(predictor, x, factors, values, 0, table.J);
      for (let j = 0; j < table.J; j += 1) total += values[j]! + Math.log(factors[j]!);
      expect(Math.abs(total - rowByRow(design, u, beta))).toBeLessThan(1e-9 * design.n);
      expect(Math.abs(total - rowByRow(merged, u, beta))).toBeLessThan(1e-9 * design.n);
    },
  );
});

describe('the whitened map', () => {
  it.each(models)(
    'has the density of the posterior: its Jacobian is that of finite differences: %s, %s, %s',
    (data, text, name) => {
      const model = modelOf(data, text, name);
      const { map, table } = model;
      const { size, pattern } = table.layout;
      const factor = model.allocateFactor();
      const place = map.allocatePlace();
      const phi = model.proposal.start;
      expect(map.factorAt(factor, phi)).toBe(true);
      const rng = createRng([18]);
      const tail = size - pattern.r;
      const xi = Float64Array.from({ length: size }, () => rng.normal());
      const { q } = table;
      // Block 0: the determinant of du~_0 / dxi_0 is |Lambda| |L_0|^-1 dT.
      if (q === 0) return;
      map.placeBorder(factor, place, xi);
      const out = new Float64Array(table.J * q);
      const at = (moved: Float64Array): Float64Array => {
        map.blocks(factor, place, moved, out, place.values, place.factors);
        return out.slice(0, q);
      };
      const step = 1e-5;
      const jacobian = new Float64Array(q * q);
      for (let b = 0; b < q; b += 1) {
        const up = xi.slice();
        const down = xi.slice();
        up[b] = up[b]! + step;
        down[b] = down[b]! - step;
        const high = at(up);
        const low = at(down);
        for (let a = 0; a < q; a += 1) jacobian[a * q + b] = (high[a]! - low[a]!) / (2 * step);
      }
      let expected = determinant(factor.likelihood.working[table.layout.leading]!, q);
      for (let a = 0; a < q; a += 1) {
        const value = xi[a]!;
        const slope = factor.skew[3 * a]! + (factor.skew[3 * a + 1]! * value) / Math.sqrt(1 + value * value);
        expected *= slope / factor.likelihood.arrow.blocks[a * q + a]!;
      }
      // Central differences with step 1e-5: relative error about 1e-10 of the curvature and 1e-11 of rounding.
      expect(determinant(jacobian, q) / expected).toBeCloseTo(1, 6);
      expect(tail).toBe(table.J * q);
    },
  );
});

describe('the transforms of the whitened coordinates', () => {
  it.each(models)('are inverted by the whitener: %s, %s, %s', (data, text, name) => {
    const model = modelOf(data, text, name);
    const { map, table, products } = model;
    const factor = model.allocateFactor();
    const place = map.allocatePlace();
    const rng = createRng([19]);
    // Between two knots, so that the transforms are mixed ones.
    const phi = model.proposal.start.map((value) => 1.07 * value);
    expect(map.factorAt(factor, phi)).toBe(true);
    const xi = Float64Array.from({ length: table.layout.size }, () => 1.5 * rng.normal());
    map.placeBorder(factor, place, xi);
    map.placeBlocks(factor, place, xi);
    const back = new Float64Array(xi.length);
    const { standardise, whiten } = whitener(table, products);
    const standardised = new Float64Array(back.length);
    standardise(factor, place.x, standardised);
    whiten(factor, standardised, back);
    // One factorisation and its inverse: condition numbers here are below 1e4.
    xi.forEach((value, k) => {
      expect(Math.abs(back[k]! - value)).toBeLessThan(1e-9);
    });
  });

  it('leave the exact density of a block with mean 0, sd 1 and no skewness, where five of five and none of five succeed', () => {
    const rows = { y: [5, 0, 5, 0, 5], n: [5, 5, 5, 5, 5], g: [...'abcde'] };
    const design = buildDesign(formula('y | trials(n) ~ 1 + (1 | g)', { family: 'binomialLogit' }), { rows });
    const model = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
    const { map, table } = model;
    const factor = model.allocateFactor();
    const place = map.allocatePlace();
    expect(map.factorAt(factor, model.proposal.start)).toBe(true);
    const xi = new Float64Array(table.layout.size);
    map.placeBorder(factor, place, xi);
    const x = new Float64Array(table.J);
    const moments = Array.from({ length: table.J }, () => [0, 0, 0, 0]);
    const step = 0.02;
    for (let point = -9; point < 9; point += step) {
      map.blocks(factor, place, xi.fill(point), x, place.values, place.factors);
      for (let j = 0; j < table.J; j += 1) {
        const density = Math.exp(place.values[j]!) * place.factors[j]!;
        for (let k = 0; k < 4; k += 1) moments[j]![k] = moments[j]![k]! + step * density * point ** k;
      }
    }
    for (const [mass, first, second, third] of moments as [number, number, number, number][]) {
      const mean = first / mass;
      const variance = second / mass - mean * mean;
      const skewness = (third / mass - 3 * mean * variance - mean ** 3) / variance ** 1.5;
      // A transform of three moments: what is left is of fourth order.
      expect(Math.abs(mean)).toBeLessThan(0.05);
      expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.05);
      expect(Math.abs(skewness)).toBeLessThan(0.2);
    }
  });
});

describe.each([
  ['poisson', 'y ~ x + (1 | row) + (1 | family) + (1 | village)', 2],
  ['poisson', 'y ~ x + (1 | row) + (1 | family) + (1 | item)', 2],
  ['binomial', 'y | trials(n) ~ x + (1 | row) + (1 + x | family) + (1 | village)', 2],
] as const)('branches of a sparse border: %s, %s', (family, text, depth) => {
  const design = buildDesign(formula(text, { family }), nestedRows(40));
  const model = toTheEnd(fitWhitenedModel(design, resolvePriors(design)));
  const { map, table, products } = model;
  const { trunk, sets } = branches(table, products.groups);
  const { size, pattern } = table.layout;
  const tail = size - pattern.r;
  const factor = model.allocateFactor();
  map.factorAt(factor, model.proposal.start);
  const rng = createRng([43]);
  const at = (xi: Float64Array) => {
    const place = map.allocatePlace();
    map.placeBorder(factor, place, xi);
    map.placeBlocks(factor, place, xi);
    return place;
  };
  const xi = Float64Array.from({ length: size }, () => rng.normal());
  const here = at(xi);

  it('draw every column once, the trunk or one set', () => {
    expect(sets.length).toBe(depth);
    const all = [...trunk, ...sets.flatMap(({ drawn }) => [...drawn])].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: pattern.r }, (_, k) => k));
  });

  it('move nothing but their own columns, blocks and rows', () => {
    for (const { count, drawn, branchDrawn, ofColumn, ofBlock, ofRow } of sets) {
      for (let b = 0; b < count; b += 1) {
        const moved = xi.slice();
        drawn.forEach((k, i) => {
          if (branchDrawn[i] === b) moved[tail + k] = rng.normal();
        });
        const there = at(moved);
        const elsewhere = (of: Int32Array, same: (k: number) => boolean): void => {
          of.forEach((own, k) => {
            if (own !== b && !same(k)) throw new Error(`branch ${b} moves ${k} of branch ${own}`);
          });
        };
        elsewhere(ofColumn, (k) => there.x[tail + k] === here.x[tail + k]);
        elsewhere(ofRow, (d) => there.predictor[d] === here.predictor[d]);
        elsewhere(ofBlock, (j) => there.mean[j] === here.mean[j] && there.values[j] === here.values[j]);
        const changed = [...drawn].filter((_, i) => branchDrawn[i] === b);
        expect(changed.every((k) => there.x[tail + k] !== here.x[tail + k])).toBe(true);
      }
    }
  });

  it('are accepted by the density of the whole with one of them moved', () => {
    for (const set of sets) {
      const position = { xi, nextXi: new Float64Array(size), current: () => factor, here: () => here };
      const steps = whitenedBranches(model, set, { ...position, there: () => map.allocatePlace() });
      steps.try(createRng([44]));
      const moved = at(position.nextXi);
      let sum = 0;
      for (let b = 0; b < set.count; b += 1) {
        const own = xi.slice();
        let shift = 0;
        set.drawn.forEach((k, i) => {
          if (set.branchDrawn[i] !== b) return;
          own[tail + k] = position.nextXi[tail + k]!;
          shift += own[tail + k]! ** 2 - xi[tail + k]! ** 2;
        });
        const there = at(own);
        const rise = there.total + there.border - here.total - here.border;
        sum += rise;
        // An independence step from N(0, 1.05^2).
        expect(steps.chances[b]).toBeCloseTo(Math.min(1, Math.exp(rise + (0.5 * shift) / 1.05 ** 2)), 10);
      }
      expect(sum).toBeCloseTo(moved.total + moved.border - here.total - here.border, 9);
    }
  });

  it('are where a chain is after their steps, to the last bit', () => {
    const sampler = whitenedSampler(model);
    const latent = new Float64Array(sampler.length);
    sampler.start(latent, rng);
    for (let s = 0; s < 20; s += 1) sampler.sweep(latent, rng);
    const { phi, whole } = { phi: latent.slice(0, model.proposal.start.length), whole: latent.slice(-size) };
    map.factorAt(factor, phi);
    const again = at(whole);
    expect(again.total + again.border).toBe(sampler.place().total + sampler.place().border);
    expect([...again.x]).toEqual([...sampler.place().x]);
  });
});

function determinant(m: Float64Array, k: number): number {
  if (k === 1) return m[0]!;
  if (k === 2) return m[0]! * m[3]! - m[1]! * m[2]!;
  return (
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!)
  );
}
