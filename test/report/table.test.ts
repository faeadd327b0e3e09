import { describe, expect, it } from 'vitest';
import { table } from '../../src/report/table.ts';

describe('table', () => {
  it('leaves no spaces at line ends, the line of dashes included, where the last column is empty', () => {
    const text = table([
      { title: 'what', align: 'left', cells: ['slope', 'sd'] },
      { title: '', align: 'left', cells: ['', ''] },
    ]);
    expect(text).toBe('what\n-----\nslope\nsd');
  });
});
