import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { averageInformation } from '../../../src/likelihood/gaussian/averageInformation.ts';
import { momentStart } from '../../../src/likelihood/gaussian/momentStart.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { lowerTriangle } from '../../../src/likelihood/relativeFactor.ts';
import { estimateTheta } from '../../../src/likelihood/search/estimateTheta.ts';
import { newton } from '../../../src/likelihood/search/newton.ts';
import { differenceHessian } from '../../../src/likelihood/search/optimize.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { sparseProducts } from '../../../src/products/sparseProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { type GaussianCase, gaussianCase } from '../../oracle/gaussianCases.ts';

type Options = Parameters<typeof gaussianCase>[0];
const CROSSED: Options = {
  seed: 1,
  n: 150,
  factors: [
    { J: 14, columns: ['one'] },
    { J: 11, columns: ['one'] },
  ],
};
const SLOPES: Options = {
  seed: 2,
  n: 260,
  factors: [
    { J: 20, columns: ['one', 'x'] },
    { J: 12, columns: ['one'] },
  ],
  extras: ['weights'],
};
const NESTED: Options = {
  seed: 3,
  n: 200,
  factors: [
    { J: 6, columns: ['one'] },
    { J: 24, columns: ['one', 'x'], nestedIn: 0 },
  ],
};
const KNOWN: Options = { ...CROSSED, seed: 4, extras: ['standardErrors'] };

function sparse(design: Design, method: 'ML' | 'REML') {
  return profiledDeviance(sparseProducts(design), design, method);
}

/** The case with a response in which the named factors have no part, or none but rounding of the noise. */
function withoutEffects(made: GaussianCase, seed: number): Design {
  const rng = createRng([seed]);
  const y = Float64Array.from(made.design.response.y, () => 100 + rng.normal());
  return { ...made.design, response: { ...made.design.response, y } };
}

describe('newton', () => {
  it('finds the minimum of a function whose curvature it is told wrongly', () => {
    const minimum = newton(
      (x, g) => {
        g[0] = 4 * x[0]! ** 3 - 4 * x[0]! + 0.3 * x[1]!;
        g[1] = 6 * x[1]! + 0.3 * x[0]!;
        return x[0]! ** 4 - 2 * x[0]! ** 2 + 3 * x[1]! ** 2 + 0.3 * x[0]! * x[1]!;
      },
      () => Float64Array.of(6, 0, 0, 4),
      [0.4, 2],
    );
    expect(Math.hypot(...minimum.gradient)).toBeLessThan(1e-3);
    expect(minimum.expectedDecrease).toBeLessThan(1e-8);
    expect(minimum.evaluations).toBeLessThan(15);
  });

  it('says so where the objective is finite nowhere, and has nothing to do without coordinates', () => {
    expect(
      newton(
        () => Number.NaN,
        () => Float64Array.of(1),
        [1],
      ).value,
    ).toBe(Number.POSITIVE_INFINITY);
    expect(
      newton(
        () => 3,
        () => new Float64Array(0),
        [],
      ).value,
    ).toBe(3);
  });
});

describe('average information', () => {
  it.each([
    ['crossed', CROSSED, 'REML'],
    ['slopes and weights', SLOPES, 'ML'],
    ['nested slopes', NESTED, 'REML'],
    ['known standard errors', KNOWN, 'ML'],
  ] as const)("is w_k'P w_l / sigma^2 less the share of sigma, by dense matrices: %s", (_name, options, method) => {
    const { design } = gaussianCase(options);
    const profiled = sparse(design, method);
    const { factors } = profiled;
    const x = Float64Array.from({ length: factors.size }, (_, k) => 0.3 + 0.1 * k);
    profiled.at(factors.fromSearch(x));
    const known = design.response.standardErrors !== null;
    const H = averageInformation(profiled.system, factors, profiled.sigma2(), known ? null : profiled.divisor);
    const { n, p } = design;
    const Z = design.groupTerms.map((term) => {
      const out = Matrix.zeros(n, term.J * term.q);
      for (let i = 0; i < n; i++) {
        for (let a = 0; a < term.q; a++) out.set(i, term.index[i]! * term.q + a, term.Z[i * term.q + a]!);
      }
      return out;
    });
    const lambdas = factors.fromSearch(x);
    const V = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) {
      const weight = known ? 1 / design.response.standardErrors![i]! ** 2 : (design.response.weights?.[i] ?? 1);
      V.set(i, i, 1 / weight);
    }
    const spread = (f: number, S: Matrix) =>
      Z[f]!.mmul(Matrix.eye(design.groupTerms[f]!.J).kroneckerProduct(S)).mmul(Z[f]!.transpose());
    design.groupTerms.forEach((term, f) => {
      const L = new Matrix(
        Array.from({ length: term.q }, (_, a) => Array.from(lambdas[f]!.subarray(a * term.q, (a + 1) * term.q))),
      );
      V.add(spread(f, L.mmul(L.transpose())));
    });
    const X = new Matrix(Array.from({ length: n }, (_, i) => Array.from(design.X.subarray(i * p, (i + 1) * p))));
    const Vi = inverse(V);
    const XV = X.transpose().mmul(Vi);
    const P = Vi.clone().sub(
      XV.transpose()
        .mmul(inverse(XV.mmul(X)))
        .mmul(XV),
    );
    const y = Matrix.columnVector(
      Array.from(design.response.y, (value, i) => value - (design.response.offset?.[i] ?? 0)),
    );
    const Py = P.mmul(y);
    const w = factors.blocks.flatMap((block) => {
      const { size, basis, factor, start } = block;
      const { q } = design.groupTerms[factor]!;
      const out: Matrix[] = [];
      for (let b = 0; b < size; b++) {
        for (let a = b; a < size; a++) {
          const E = Matrix.zeros(size, size);
          E.set(a, b, 1);
          E.set(b, a, 1);
          const B = new Matrix(
            Array.from({ length: size }, (_, i) => Array.from(basis.subarray(i * size, (i + 1) * size))),
          );
          const S = Matrix.zeros(q, q);
          const inner = B.mmul(E).mmul(B.transpose());
          for (let i = 0; i < size; i++) for (let k = 0; k < size; k++) S.set(start + i, start + k, inner.get(i, k));
          out.push(spread(factor, S).mmul(Py));
        }
      }
      return out;
    });
    const s2 = profiled.sigma2();
    for (let k = 0; k < w.length; k++) {
      for (let l = 0; l < w.length; l++) {
        const square = w[k]!.transpose().mmul(P).mmul(w[l]!).get(0, 0) / s2;
        const along =
          (Py.transpose().mmul(w[k]!).get(0, 0) * Py.transpose().mmul(w[l]!).get(0, 0)) / (s2 * s2 * profiled.divisor);
        const expected = known ? square : square - along;
        const scale = Math.sqrt(H[k * w.length + k]! * H[l * w.length + l]!);
        expect(Math.abs(H[k * w.length + l]! - expected)).toBeLessThan(1e-7 * scale);
      }
    }
  });

  it('is about the Hessian by differences at the minimum', () => {
    const { design } = gaussianCase({
      ...CROSSED,
      n: 900,
      factors: [
        { J: 90, columns: ['one'] },
        { J: 70, columns: ['one'] },
      ],
    });
    const profiled = sparse(design, 'REML');
    const { minimum } = estimateTheta(profiled);
    const H = differenceHessian(profiled.search, minimum.x);
    profiled.search(minimum.x, new Float64Array(2));
    const near = profiled.curvature!(minimum.x);
    // Average information is off by the sampling error of 160 levels.
    for (let k = 0; k < 4; k++) expect(Math.abs(near[k]! - H[k]!)).toBeLessThan(0.2 * Math.sqrt(H[0]! * H[3]!));
  });
});

describe('searches with Newton steps end where differences do', () => {
  const shapes: [string, Options][] = [
    ['crossed', CROSSED],
    ['slopes and weights', SLOPES],
    ['nested slopes', NESTED],
    ['known standard errors', KNOWN],
  ];
  it.each(shapes)('%s, with effects and without', (_name, options) => {
    for (const seed of [1, 2]) {
      const made = gaussianCase({ ...options, seed });
      for (const design of [made.design, withoutEffects(made, seed)]) {
        for (const method of ['ML', 'REML'] as const) {
          const arrow = profiledDeviance(crossProducts(design), design, method);
          const other = sparse(design, method);
          const [a, b] = [estimateTheta(arrow), estimateTheta(other)];
          // The lowest of several minima is looked for from other places: never a worse one here.
          expect(b.deviance).toBeLessThan(a.deviance + 1e-6);
          expect(b.deviance).toBeGreaterThan(a.deviance - 1e-6);
          expect(b.ranks).toEqual(a.ranks);
          expect(b.minimum.expectedDecrease).toBeLessThan(1e-6);
          for (const block of other.factors.blocks) {
            const [L, M] = [lowerTriangle(a.minimum.x, block), lowerTriangle(b.minimum.x, block)];
            for (let i = 0; i < block.size; i++) {
              for (let k = 0; k <= i; k++) {
                let difference = 0;
                for (let l = 0; l < block.size; l++) {
                  difference +=
                    L[i * block.size + l]! * L[k * block.size + l]! - M[i * block.size + l]! * M[k * block.size + l]!;
                }
                expect(Math.abs(difference)).toBeLessThan(1e-3);
              }
            }
          }
        }
      }
    }
  });
});

describe('moment start', () => {
  it('is near the truth where levels are many', () => {
    const { design } = gaussianCase({
      seed: 9,
      n: 6000,
      factors: [
        { J: 400, columns: ['one'] },
        { J: 300, columns: ['one'] },
      ],
    });
    const products = sparseProducts(design);
    const x = momentStart(products, profiledDeviance(products, design, 'REML').factors)!;
    // Both sds are 2 and sigma is 1.5; a variance of 300 levels is known to 8%.
    for (const value of x) expect(value).toBeGreaterThan(1.33 * 0.8);
    for (const value of x) expect(value).toBeLessThan(1.33 * 1.25);
  });

  it('tells nested factors apart', () => {
    const { design } = gaussianCase({
      seed: 10,
      n: 8000,
      factors: [
        { J: 200, columns: ['one'] },
        { J: 1600, columns: ['one'], nestedIn: 0 },
      ],
    });
    const products = sparseProducts(design);
    const x = momentStart(products, profiledDeviance(products, design, 'REML').factors)!;
    for (const value of x) expect(Math.abs(value / 1.33 - 1)).toBeLessThan(0.25);
  });
});
