import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { type FormulaOptions, formula } from '../../../src/formula/formula.ts';
import { structuredDeviance } from '../../../src/likelihood/structured/structuredDeviance.ts';
import { structuredProducts } from '../../../src/products/structuredProducts.ts';
import { denseDeviance } from '../../oracle/denseDeviance.ts';
import { denseResiduals, type ResidualLaw } from '../../oracle/denseResiduals.ts';
import { madeRows } from './structuredData.ts';

const TEXTS: readonly (readonly [string, FormulaOptions])[] = [
  ['y ~ x', { residual: 'ar1(time | group)' }],
  ['y ~ x + (1 | group)', { residual: 'ar1(time | group)', sigma: '~ kind' }],
  ['y ~ x + (1 + x | group)', { residual: 'car1(time | group)' }],
  ['y | weights(w) ~ x + (1 | town)', { residual: 'cs(group)', sigma: '~ kind + x' }],
  ['y ~ x + (1 + x | town) + (1 | kind)', { residual: 'toeplitz(time | group)' }],
  ['y | weights(w) ~ x', { residual: 'unstructured(time | group)', sigma: '~ kind' }],
  ['y ~ x + (0 + x | group)', { residual: 'unstructured(time | group)' }],
  ['y ~ x + (1 | kind)', { residual: 'cs(group)' }],
  ['y ~ 1 + (1 | group)', { sigma: '~ x * kind' }],
];

describe('structuredDeviance', () => {
  it.each(TEXTS)('%s %j: dense, and its gradient by differences', (text, options) => {
    const continuous = options.residual?.startsWith('car1') ?? false;
    const { columns } = madeRows(9, 4, 7, continuous);
    const design = buildDesign(formula(text, options), columns);
    const products = structuredProducts(design);
    for (const method of ['ML', 'REML'] as const) {
      const origin = products.model.starts[0]!;
      const profiled = structuredDeviance(products, design, method, origin);
      const { factors } = profiled;
      for (const seed of [0.3, 1.1]) {
        const x = Float64Array.from({ length: factors.size }, (_, k) => 0.4 * Math.sin(seed + 3 * k) + 0.2);
        const gradient = new Float64Array(x.length);
        const value = profiled.search(x, gradient);
        const scratch = new Float64Array(x.length);
        for (let k = 0; k < x.length; k++) {
          const at = (h: number) =>
            profiled.search(
              x.map((v, l) => (l === k ? v + h : v)),
              scratch,
            );
          const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
          // Central differences with h = 1e-5: h^2 and the rounding of a deviance of 100 over h.
          expect(Math.abs(gradient[k]! - slope)).toBeLessThan(1e-6 * (1 + Math.abs(slope)));
        }
        const lambdas = factors.fromSearch(x);
        expect(profiled.at(lambdas)).toBeCloseTo(value, 10);
        const { residual, response } = design;
        const groups = residual!.groups;
        const values = products.model.values(1);
        const isRho = ({ name }: { name: string }) => !name.startsWith('delta[');
        const correlations = values.parameters.filter(isRho).map(({ estimate }) => estimate);
        const deltas = values.parameters.filter((parameter) => !isRho(parameter)).map(({ estimate }) => estimate);
        const law: ResidualLaw = { kind: groups?.structure ?? 'independent', correlations };
        const sd = Array.from({ length: design.n }, (_, i) => {
          const w = residual!.sigma?.W.subarray(i * deltas.length, (i + 1) * deltas.length) ?? [];
          const log = deltas.reduce((sum, delta, k) => sum + delta * w[k]!, Math.log(values.sigma));
          const own = values.sds.length > 0 ? values.sds[groups!.occasion[i]!]!.estimate / values.sigma : 1;
          return (own * Math.exp(log)) / Math.sqrt(response.weights?.[i] ?? 1);
        });
        const times = (columns.time as number[]).map((t) => (continuous ? t : t / 2));
        const dense = denseDeviance(
          design,
          lambdas,
          method,
          denseResiduals(law, { group: columns.group!, time: times, sd }),
        );
        expect(Math.abs(dense.deviance - value)).toBeLessThan(1e-9 * Math.abs(value));
      }
    }
  });

  it('takes rows in any order', () => {
    const { columns, n } = madeRows(8, 4, 3);
    const order = Array.from({ length: n }, (_, i) => (7 * i) % n);
    const turned = Object.fromEntries(
      Object.entries(columns).map(([name, list]) => [name, order.map((i) => list[i]!)]),
    );
    const [one, other] = [columns, turned].map((rows) => {
      const design = buildDesign(formula('y ~ x + (1 | group)', { residual: 'ar1(time | group)' }), rows);
      const profiled = structuredDeviance(structuredProducts(design), design, 'REML', Float64Array.of(0.4));
      return profiled.search(Float64Array.of(0.7, 0.1), new Float64Array(2));
    });
    expect(new Set(Array.from({ length: n }, (_, i) => (7 * i) % n)).size).toBe(n);
    expect(Math.abs(one! - other!)).toBeLessThan(1e-10 * Math.abs(one!));
  });
});
