import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { layout } from '../../src/mcmc/layout.ts';
import { recording } from '../../src/mcmc/recording.ts';
import { standardisedDesign } from '../../src/products/standardisedDesign.ts';
import { uniforms } from '../oracle/randomDesign.ts';

const uniform = uniforms(3);
const rows = Array.from({ length: 40 }, (_, i) => ({
  y: uniform(),
  x: 50 + uniform(),
  z: uniform(),
  g: `g${i % 5}`,
  h: `h${i % 4}`,
}));

describe('what is recorded of a chain that moves in standardised coordinates', () => {
  it('is nothing else where there are varying intercepts alone', () => {
    const design = buildDesign(formula('y ~ x + (1 | g)'), { rows });
    expect(recording(design, standardisedDesign(design).blocks, layout(design))).toBeNull();
  });

  it('gives every row the same linear predictor, and T Sigma T′ as sds and correlations', () => {
    const design = buildDesign(formula('y ~ x + (x + z | g) + (1 | h) + (0 + z || h)'), { rows });
    const { design: moved, blocks } = standardisedDesign(design);
    const variables = layout(design);
    const record = recording(design, blocks, variables)!;
    const size = variables.reduce((sum, variable) => sum + variable.size, 0);
    const position = Float64Array.from({ length: size }, () => uniform() + 0.1);
    const at = (values: Float64Array, name: string, k: number): number =>
      values[variables.find((variable) => variable.name === name)!.offset + k]!;
    // Correlations of a positive definite matrix.
    const corr = [0.3, -0.2, 0.4];
    corr.forEach((value, k) => {
      position[variables.find(({ name }) => name === 'corr_g')!.offset + k] = value;
    });
    const out = new Float64Array(size);
    record(position, out);
    expect(at(out, 'beta', 1)).toBe(at(position, 'beta', 1));
    expect(at(out, 'sigma', 0)).toBe(at(position, 'sigma', 0));
    expect(at(out, 'tau_h', 0)).toBe(at(position, 'tau_h', 0));
    for (let i = 0; i < rows.length; i++) {
      const eta = (terms: typeof design.groupTerms, values: Float64Array): number =>
        terms.reduce((sum, { factor, q, index, Z }) => {
          let own = 0;
          for (let k = 0; k < q; k++) own += Z[i * q + k]! * at(values, `u_${factor}`, index[i]! * q + k);
          return sum + own;
        }, 0);
      expect(eta(design.groupTerms, out)).toBeCloseTo(eta(moved.groupTerms, position), 11);
    }
    const matrixOf = (values: Float64Array): number[][] => {
      const R = [
        [1, at(values, 'corr_g', 0), at(values, 'corr_g', 1)],
        [at(values, 'corr_g', 0), 1, at(values, 'corr_g', 2)],
        [at(values, 'corr_g', 1), at(values, 'corr_g', 2), 1],
      ];
      return R.map((row, a) => row.map((r, b) => r * at(values, 'tau_g', a) * at(values, 'tau_g', b)));
    };
    const Sigma = matrixOf(position);
    const found = matrixOf(out);
    const { T } = blocks[0]![0]!;
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        let sum = 0;
        for (let k = 0; k < 3; k++) for (let l = 0; l < 3; l++) sum += T[a * 3 + k]! * Sigma[k]![l]! * T[b * 3 + l]!;
        expect(found[a]![b]! / sum).toBeCloseTo(1, 10);
      }
    }
  });

  it('has no correlation of exactly 1 in size, however far the column', () => {
    for (const shift of [1e3, 1e6, 1e9]) {
      const far = rows.map((row) => ({ ...row, x: row.x + shift }));
      const design = buildDesign(formula('y ~ x + (x | g)'), { rows: far });
      const variables = layout(design);
      const record = recording(design, standardisedDesign(design).blocks, variables)!;
      const place = (name: string): number => variables.find((variable) => variable.name === name)!.offset;
      const out = new Float64Array(variables.reduce((sum, variable) => sum + variable.size, 0));
      const position = out.slice().fill(1);
      for (const corr of [0.2, 1 - 2 ** -53]) {
        position[place('tau_g')] = 1e-9;
        position[place('corr_g')] = corr;
        record(position, out);
        const found = out[place('corr_g')]!;
        // The intercept's sd is nearly all the slope's: the correlation at 0 is -1 to all digits.
        expect(found).toBeLessThan(-0.999999);
        expect(1 - found ** 2).toBeGreaterThan(0);
      }
    }
  });
});
