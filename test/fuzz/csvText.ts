import fc from 'fast-check';
import { formatCsv, parseCsv } from '../../src/data/csv.ts';
import type { Frame } from '../../src/data/frame.ts';
import { ModelError } from '../../src/errors.ts';
import { answered, expectSame, type FuzzedInput } from './input.ts';
import { changedText } from './mutations.ts';

const valid = [
  'y,x,g\n1,2,a\n3,4,b\n',
  '\ufeffy,x\r\n1,\r\n,NA\r\n2.5e-3,NaN\r\n',
  'name,text\n"a, b","say ""hi"""\n"two\nlines",x\n',
  'x\n1\n\n2\n',
  'a,b,c\n-0,+1,.5\n1e300,0001,1.\n',
  'g,size\ng0,1\ng1,2.5\n',
];
const fragments = [
  ...[',', '\n', '\r\n', '\r', '"', '""', '"\n', '",', ' ', '\t', ';', '|', '\ufeff', '\u0000', '\u001e', '\u2028'],
  ...['1', '-0', '1e308', '1e309', '1e-400', '0x10', '1_000', 'Infinity', '-inf', 'NA', 'NaN', 'null', '1,2', 'TRUE'],
  ...['__proto__', 'constructor', 'x', 'y', "'", '\\', '\\n', '=1+1', '💥', '\ud800', '1d5', '0b1', '٣'],
];

/** Columns as they compare: name, kind, values with missing ones as null. */
function columnsText(frame: Frame): string {
  return JSON.stringify(
    [...frame.columns].map(([name, { kind, values }]) => [
      name,
      kind,
      Array.from<unknown>(values).map((value) => (Object.is(value, -0) ? '-0' : value)),
    ]),
  );
}

/** The text of a CSV file. */
export const csvTexts: FuzzedInput<string> = {
  name: 'CSV text',
  holds: 'a table of finite or missing values, the same after writing and reading, or a sentence',
  cases: fc.oneof({ weight: 8, arbitrary: changedText(valid, fragments) }, { weight: 1, arbitrary: fc.string() }),
  run(text) {
    const frame = answered(() => parseCsv(text, 'd.csv'));
    if (frame === null) return false;
    for (const [name, { kind, values }] of frame.columns) {
      if (values.length !== frame.n) throw new Error(`${name} has ${values.length} values of ${frame.n}`);
      const infinite = kind === 'number' && values.some((value) => Math.abs(value) === Infinity);
      if (infinite) throw new Error(`${name} has an infinite value`);
    }
    for (const fault of frame.faults?.values() ?? []) {
      if (!(fault instanceof ModelError) || fault.message.includes('\n'))
        throw new Error('a fault that is no sentence');
    }
    const again = parseCsv(formatCsv(frame, { formulas: true }), 'again.csv');
    expectSame(columnsText(frame), columnsText(again), 'table through CSV');
    return true;
  },
};
