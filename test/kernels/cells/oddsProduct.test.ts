import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { cellTable } from '../../../src/kernels/cells/cellTable.ts';
import { oddsProduct } from '../../../src/kernels/cells/oddsProduct.ts';
import { cells } from '../../../src/products/cells.ts';

const J = 6;
const rows = Array.from({ length: 12 * J }, (_, i) => ({ y: i % 2, g: `g${i % J}`, x: Math.floor(i / J) % 4 }));
const design = cells(buildDesign(formula('y ~ factor(x) + (1 | g)', { family: 'binomialLogit' }), { rows })).design;
const table = cellTable(design);

const softplus = (eta: number) => Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)));

describe('the product of odds', () => {
  // Of twelve trials a block: 1e17 each is 1e204; beyond that any product would overflow.
  it.each([0.1, 3, 38, 45, 200, 690, -690])('is the sum of log(1 + exp(eta)) where predictors reach %d', (reach) => {
    const product = oddsProduct(table)!;
    const predictor = new Float64Array(2 * table.rows + 1);
    for (let d = 0; d < table.rows; d += 1) predictor[d] = reach * (1 - d / 10);
    product.prepare(predictor);
    const u = Float64Array.from({ length: J }, (_, j) => 0.3 * j - 1);
    const [factors, values] = [new Float64Array(J).fill(1), new Float64Array(J)];
    product.add(predictor, u, factors, values, 0, J);
    for (let j = 0; j < J; j += 1) {
      let sum = 0;
      for (let i = table.start[j]!; i < table.start[j + 1]!; i += 1) {
        sum += table.size[i]! * softplus(predictor[table.row[i]!]! + table.z[i]! * u[j]!);
      }
      expect(Math.abs(values[j]! + Math.log(factors[j]!) + sum)).toBeLessThan(1e-12 * Math.max(1, sum));
    }
  });

  it('is none where cells have many trials', () => {
    const trials = table.size.map(() => 9);
    expect(oddsProduct({ ...table, size: trials })).toBeNull();
  });
});
