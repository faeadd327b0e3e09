import type { Equivalent } from '../equivalent.ts';
import { NULL_EVENT, PAST_END, SAME_BY_BOTH } from './reasons.ts';

export const diagnostics: readonly Equivalent[] = [
  {
    file: 'diagnostics/ess.ts',
    at: 'while (last < drawCount - 5 && even + odd > 0) {',
    from: 'even + odd > 0',
    to: 'even + odd >= 0',
    why: NULL_EVENT,
  },
  {
    file: 'diagnostics/sortOrder.ts',
    at: 'if (insertionFinishes(values, order, sorted)) return;',
    from: 'insertionFinishes(values, order, sorted)',
    to: 'false',
    why: SAME_BY_BOTH,
  },
  {
    file: 'diagnostics/splitChains.ts',
    at: 'for (let i = 0; i < drawCount; i++) {',
    from: 'i < drawCount',
    to: 'i <= drawCount',
    why: PAST_END,
  },
  {
    file: 'diagnostics/autocovariance.ts',
    at: 'if (values.length === 0) return values;',
    from: 'return values;',
    to: '',
    why: 'without draws the mean is NaN, and what is filled with NaN and returned is empty',
  },
  {
    file: 'diagnostics/finding.ts',
    at: 'return Number.isInteger(value) ? String(value) :',
    from: 'Math.abs(value) >= 1000',
    to: 'Math.abs(value) > 1000',
    why: '1000 is whole, and was written in full',
  },
  {
    file: 'diagnostics/pooledDraws.ts',
    at: 'for (let k = 0; k < this.size; k++) {',
    after: 'let k = ',
    from: '0',
    to: '1',
    why: 'in the constructor the first place is 0, as it is unset; of chains of one draw all halves are empty. Elsewhere a test notices it',
  },
  {
    file: 'diagnostics/rhat.ts',
    at: 'if (drawCount < 2 || chainCount < 2 || isConstant(block)) return Number.NaN;',
    from: 'drawCount < 2 || chainCount < 2',
    to: 'drawCount < 2 && chainCount < 2',
    why: 'a variance of one value is 0 / 0: the formula gives NaN there as well',
  },
  {
    file: 'diagnostics/waic.ts',
    at: 'above: [...pointwise.p.keys()].filter(',
    from: 'pointwise.p[i]! > LARGEST_P',
    to: 'pointwise.p[i]! >= LARGEST_P',
    why: NULL_EVENT,
  },
  {
    file: 'diagnostics/chains.ts',
    at: 'if (odd >= 0) {',
    from: 'odd >= 0',
    to: 'odd > 0',
    why: 'the first chain has the length of the first chain',
  },
  {
    file: 'diagnostics/pooledDraws.ts',
    at: 'if (!this.finite || this.size < 2) return Number.NaN;',
    from: 'return Number.NaN;',
    to: '',
    why: SAME_BY_BOTH,
  },
  {
    file: 'diagnostics/sortOrder.ts',
    at: 'const double = new Float64Array(1);',
    from: '1',
    to: '2',
    why: 'the entry more is never read',
  },
];
