import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/buildDesign.ts';
import { cells } from '../../src/design/cells.ts';
import { families } from '../../src/families/familyOf.ts';
import { formula } from '../../src/formula/formula.ts';
import { cellLogLik } from '../../src/kernels/cellLogLik.ts';
import { cellTable } from '../../src/kernels/cellTable.ts';

const rows = Array.from({ length: 24 }, (_, i) => ({ y: i % 2, x: (i * 5) % 7, g: `g${i % 4}` }));

describe('the log-likelihood of cells of a family without a pass of its own', () => {
  it('is the sum over the cells of each block, with unit sd', () => {
    const design = buildDesign(formula('y ~ x + (1 + x | g)', { family: 'binomialLogit' }), { rows });
    const table = cellTable(cells(design).design);
    const { J, q, start, row, y, z, size } = table;
    const { length, prepare, add, border } = cellLogLik(families.gaussian, table);
    const predictor = Float64Array.from({ length }, (_, d) => 0.3 * d - 1);
    prepare(predictor);
    const u = Float64Array.from({ length: J * q }, (_, k) => 0.2 * k - 0.7);
    const [factors, values] = [new Float64Array(J).fill(1), new Float64Array(J).fill(5)];
    add(predictor, u, factors, values);
    expect(border.every((value) => value === 0)).toBe(true);
    expect(factors.every((value) => value === 1)).toBe(true);
    for (let j = 0; j < J; j += 1) {
      let sum = 5;
      for (let i = start[j]!; i < start[j + 1]!; i += 1) {
        const eta = predictor[row[i]!]! + z[q * i]! * u[q * j]! + z[q * i + 1]! * u[q * j + 1]!;
        // Variance 1 / size; the constants of a row stay out.
        sum += families.gaussian.logLik(y[i]!, size[i]!, eta, 1);
      }
      expect(values[j]).toBeCloseTo(sum, 12);
    }
  });
});
