import { describe, expect, it } from 'vitest';
import { run } from './testIo.ts';

/** Twelve rows in four groups, with a group table: small, and right in every respect. */
const rows = ['y,x,g,w,kind'];
const noise = [0.3, -0.8, 0.5, 1.1, -0.2, 0.9, -1.4, 0.1, 0.6, -0.5, 0.2, -0.9];
noise.forEach((e, i) => {
  const g = i % 4;
  rows.push(`${(1 + g + e).toFixed(3)},${(i * 0.37) % 1},g${g},${g * 0.5},${i % 3 === 0 ? 'a' : 'b'}`);
});
const data = `${rows.join('\n')}\n`;
const table = 'g,size\ng0,1\ng1,2.5\ng2,3\ng3,7\n';
const files = { 'd.csv': data, 'g.csv': table };

const edit = (change: (lines: string[]) => string[]): string => `${change(rows.slice()).join('\n')}\n`;
const replaced = (line: string, column: number, value: string): string =>
  line
    .split(',')
    .map((text, k) => (k === column ? value : text))
    .join(',');
const cell = (line: number, column: number, value: string): string =>
  edit((lines) => lines.map((text, i) => (i === line ? replaced(text, column, value) : text)));
const two = edit((lines) => lines.filter((line, i) => i === 0 || /g0|g1/.test(line)));
const three = edit((lines) => lines.filter((line) => !line.includes('g3')));

interface Case {
  readonly fault: string;
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** What the sentence must hold. */
  readonly says: readonly RegExp[];
}

const fitting = (formula: string, ...rest: string[]): string[] => ['fit', formula, '--data', 'd.csv', ...rest];
const model = 'y ~ x + (1 | g)';

const cases: readonly Case[] = [
  // Names
  { fault: 'a misspelt column', argv: fitting('y ~ xx + (1 | g)'), says: [/"xx"/, /"?x"?/] },
  { fault: 'a misspelt response', argv: fitting('yy ~ x + (1 | g)'), says: [/"yy"/] },
  { fault: 'a misspelt grouping factor', argv: fitting('y ~ x + (1 | gg)'), says: [/"gg"/] },
  {
    fault: 'a misspelt level-2 predictor',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ sise'),
    says: [/"sise"/],
  },
  { fault: 'a level-2 regression for no factor', argv: fitting(model, '--level2', 'h: ~ w'), says: [/"h"/, /\bg\b/] },
  {
    fault: 'a prior for no parameter',
    argv: fitting(model, '--prior', 'sigmo ~ half_t(3, 1)'),
    says: [/sigmo/, /sigma/],
  },
  {
    fault: 'a prior for no column',
    argv: fitting(model, '--prior', 'beta[z] ~ normal(0, 1)'),
    says: [/beta\[z\]/, /beta\[x\]/],
  },
  {
    fault: 'a column called __proto__ that is not there',
    argv: fitting('y ~ __proto__ + (1 | g)'),
    says: [/__proto__/],
  },
  {
    fault: 'a column called constructor that is not there',
    argv: fitting('y ~ constructor + (1 | g)'),
    says: [/"constructor"/],
  },
  {
    fault: 'a grouping factor called toString that is not there',
    argv: fitting('y ~ x + (1 | toString)'),
    says: [/"toString"/],
  },
  { fault: 'a group table for no factor', argv: fitting(model, '--groups', 'h=g.csv'), says: [/groups\.h/] },
  // Values
  { fault: 'a response that is text', argv: fitting('kind ~ x + (1 | g)'), says: [/kind/, /text|number/] },
  {
    fault: 'missing values',
    argv: fitting(model),
    files: { 'd.csv': cell(3, 1, 'NA') },
    says: [/1 of the 12 rows/, /x in 1/, /row 3/],
  },
  {
    fault: 'missing values in two columns',
    argv: fitting(model),
    files: { 'd.csv': cell(3, 1, '').replace('g1', 'NA') },
    says: [/x in 1/, /g in 1/],
  },
  {
    fault: 'every row incomplete though dropping',
    argv: fitting(model, '--missing', 'drop'),
    files: {
      'd.csv': edit((lines) => lines.map((line, i) => (i === 0 ? line : replaced(line, 1, 'NA')))),
    },
    says: [/all 12 rows/, /none/],
  },
  { fault: 'an infinite value', argv: fitting(model), files: { 'd.csv': cell(3, 1, 'Inf') }, says: [/line 4/, /"x"/] },
  {
    fault: 'a number past the range of doubles',
    argv: fitting(model),
    files: { 'd.csv': cell(3, 1, '1e999') },
    says: [/line 4/, /finite/],
  },
  // Groups
  {
    fault: 'a level-2 predictor that varies within its group',
    argv: fitting(model, '--level2', 'g: ~ x'),
    says: [/\bx\b/, /g0|g "g0"/],
  },
  {
    fault: 'a group without a row in its table',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ size'),
    files: { 'g.csv': table.replace('g2,3\n', '') },
    says: [/"g2" in rows has no row in groups\.g/, /3 groups/],
  },
  {
    fault: 'two rows of one group in its table',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ size'),
    files: { 'g.csv': `${table}g1,9\n` },
    says: [/two rows/, /"g1"/],
  },
  {
    fault: 'a missing level-2 value',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ size'),
    files: { 'g.csv': table.replace('2.5', 'NA') },
    says: [/size/, /"g1"/],
  },
  {
    fault: 'a group table without its key',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ size'),
    files: { 'g.csv': table.replace('g,size', 'group,size') },
    says: [/groups\.g/, /"g"/],
  },
  {
    fault: 'one column name in rows and table',
    argv: fitting(model, '--groups', 'g=g.csv', '--level2', 'g: ~ w'),
    files: { 'g.csv': table.replace('size', 'w') },
    says: [/"w"/, /groups\.g/],
  },
  {
    fault: 'a factor of one level',
    argv: fitting('y ~ kind + (1 | g)'),
    files: { 'd.csv': data.replaceAll(',a\n', ',b\n') },
    says: [/kind/, /one level|level/],
  },
  {
    fault: 'a grouping factor of one level',
    argv: fitting(model),
    files: { 'd.csv': data.replace(/,g\d,/g, ',g0,') },
    says: [/\bg\b/],
  },
  // Design
  { fault: 'a rank-deficient design', argv: fitting('y ~ x + I(2 * x) + (1 | g)'), says: [/I\(2 \* x\)/, /\bx\b/] },
  {
    fault: 'a constant column beside the intercept',
    argv: fitting('y ~ one + (1 | g)'),
    files: { 'd.csv': edit((lines) => lines.map((line, i) => (i === 0 ? `${line},one` : `${line},1`))) },
    says: [/one/],
  },
  { fault: 'more coefficients than rows', argv: fitting('y ~ poly(x, 12) + (1 | g)'), says: [/poly/] },
  // Files
  {
    fault: 'a file that is not there',
    argv: ['fit', model, '--data', 'absent.csv'],
    says: [/absent\.csv/, /no such file/],
  },
  { fault: 'an empty file', argv: fitting(model), files: { 'd.csv': '' }, says: [/d\.csv is empty/] },
  { fault: 'a file of blank lines', argv: fitting(model), files: { 'd.csv': '\n\n  \n' }, says: [/d\.csv is empty/] },
  {
    fault: 'a header only',
    argv: fitting(model),
    files: { 'd.csv': `${rows[0]}\n` },
    says: [/d\.csv has a header/, /no rows/],
  },
  {
    fault: 'a ragged line',
    argv: fitting(model),
    files: { 'd.csv': edit((lines) => lines.map((line, i) => (i === 5 ? `${line},9` : line))) },
    says: [/d\.csv, line 6/, /6 fields/, /5/],
  },
  {
    fault: 'a column named twice',
    argv: fitting(model),
    files: { 'd.csv': data.replace(',w,', ',x,') },
    says: [/"x" twice/],
  },
  {
    fault: 'an unclosed quote',
    argv: fitting(model),
    files: { 'd.csv': data.replace(',g1', ',"g1') },
    says: [/quote/],
  },
  {
    fault: 'an empty group table',
    argv: fitting(model, '--groups', 'g=g.csv'),
    files: { 'g.csv': '' },
    says: [/g\.csv is empty/],
  },
  // Formula
  { fault: 'an empty formula', argv: fitting(''), says: [/formula/] },
  { fault: 'a formula without a tilde', argv: fitting('y + x'), says: [/y \+ x/] },
  { fault: 'an unclosed parenthesis', argv: fitting('y ~ x + (1 | g'), says: [/y ~ x \+ \(1 \| g/] },
  { fault: 'two plus signs', argv: fitting('y ~ x + + (1 | g) *'), says: [/y ~ x/] },
  { fault: 'a character that no formula has', argv: fitting('y ~ x + #'), says: [/#/] },
  { fault: 'a function that is not known', argv: fitting('y ~ tan(x) + (1 | g)'), says: [/tan/, /log/] },
  { fault: 'the response as its own predictor', argv: fitting('y ~ y + (1 | g)'), says: [/"y"/] },
  // Priors
  {
    fault: 'a prior that does not parse',
    argv: fitting(model, '--prior', 'sigma half_t(3, 1)'),
    says: [/sigma half_t\(3, 1\)/, /~/],
  },
  {
    fault: 'a distribution that is not known',
    argv: fitting(model, '--prior', 'sigma ~ halfcauchy(1)'),
    says: [/halfcauchy/, /half_cauchy/],
  },
  { fault: 'a negative scale', argv: fitting(model, '--prior', 'sigma ~ half_t(3, -1)'), says: [/-1/] },
  {
    fault: 'a prior given twice',
    argv: fitting(model, '--prior', 'sigma ~ half_t(3, 1)', '--prior', 'sigma ~ half_t(3, 2)'),
    says: [/sigma/, /twice/],
  },
  {
    fault: 'a scale prior on a coefficient',
    argv: fitting(model, '--prior', 'beta[x] ~ half_t(3, 1)'),
    says: [/beta\[x\]/, /normal/],
  },
  {
    fault: 'a flat sd with two groups',
    argv: fitting('y ~ 1 + (1 | g)', '--prior', 'tau_g ~ flat()'),
    files: { 'd.csv': two },
    says: [/tau_g/, /2 groups/, /proper|integral/],
  },
  {
    fault: 'a flat variance with three groups',
    argv: fitting('y ~ 1 + (1 | g)', '--prior', 'tau_g ~ inverse_gamma(-1, 0)'),
    files: { 'd.csv': three },
    says: [/tau_g|inverse_gamma/, /./],
  },
  {
    fault: 'an sd with density 1/tau',
    argv: fitting('y ~ 1 + (1 | g)', '--prior', 'tau_g ~ inverse_gamma(0, 0)'),
    says: [/tau_g|inverse_gamma/],
  },
  // Sampling
  ...(['0', '-1', '1001', '2.5', 'four', '', '1e1', '0x4'] as const).map((value) => ({
    fault: `${JSON.stringify(value)} chains`,
    argv: fitting(model, `--chains=${value}`),
    says: [/chains/, value === '' ? /""/ : new RegExp(value.replace('.', '\\.')), /whole number/],
  })),
  { fault: 'no iterations', argv: fitting(model, '--iterations', '0'), says: [/iterations: got 0/] },
  {
    fault: 'too many iterations',
    argv: fitting(model, '--iterations', '99999999999'),
    says: [/iterations: got 99999999999/],
  },
  { fault: 'a negative warm-up', argv: fitting(model, '--warmup', '-5'), says: [/warmup: got -5/] },
  { fault: 'a negative seed', argv: fitting(model, '--seed', '-1'), says: [/seed: got -1/, /4294967295/] },
  { fault: 'a seed past 32 bits', argv: fitting(model, '--seed', '4294967296'), says: [/seed: got 4294967296/] },
  { fault: 'a seed in words', argv: fitting(model, '--seed', 'lucky'), says: [/seed/, /"lucky"/] },
  { fault: 'kernels that are not known', argv: fitting(model, '--kernels', 'hmc'), says: [/hmc/, /gibbs/] },
  {
    fault: 'kernels that do not apply',
    argv: fitting('y ~ x', '--kernels', 'marginal'),
    says: [/marginal/],
  },
  {
    fault: 'a chain that is none',
    argv: fitting(model, '--chain', '0', '--of', '2'),
    says: [/--chain: got 0.*1 to 2/],
  },
  {
    fault: 'a digit between thousands',
    argv: fitting(model, '--thousands', '5'),
    says: [/thousands: got "5"/, /no number is written with/],
  },
  // The command line
  { fault: 'a command of another program', argv: ['lmer', model], says: [/"lmer"; did you mean ml\?/] },
  { fault: 'a command that is like none', argv: ['frobnicate', model], says: [/"frobnicate"; accepted are fit, /] },
  { fault: 'data that are no option', argv: ['fit', model, 'd.csv'], says: [/fit takes its data .*--data "d\.csv"/] },
  { fault: 'an option of another program', argv: fitting(model, '--burn-in', '4'), says: [/did you mean --warmup\?/] },
  { fault: 'an option that is like none', argv: fitting(model, '--zzzzzzz', '4'), says: [/"--zzzzzzz"; accepted are/] },
  { fault: 'a command that is not known', argv: ['fits', model], says: [/"fits"/, /did you mean fit\?/, /shrinkage/] },
  {
    fault: 'an option that is not known',
    argv: fitting(model, '--iteration', '4'),
    says: [/"--iteration"/, /did you mean --iterations\?/, /--chains/],
  },
  { fault: 'a short option that is not known', argv: fitting(model, '-c', '4'), says: [/"-c"/] },
  { fault: 'an option without its value', argv: ['fit', model, '--data'], says: [/--data needs a value/] },
  {
    fault: 'an option with another in place of its value',
    argv: ['fit', model, '--data', '--json'],
    says: [/--data needs a value/],
  },
  {
    fault: 'an option given twice',
    argv: fitting(model, '--seed', '1', '--seed', '2'),
    says: [/--seed was given twice/],
  },
  { fault: 'a flag with a value', argv: fitting(model, '--json=yes'), says: [/--json takes no value/] },
  { fault: 'no data', argv: ['fit', model], says: [/--data is missing/] },
  { fault: 'no formula', argv: ['fit', '--data', 'd.csv'], says: [/formula/] },
  { fault: 'a formula without quotes', argv: ['fit', 'y', '~', 'x', '--data', 'd.csv'], says: [/"~"/, /quote/] },
  { fault: 'a family that is not known', argv: fitting(model, '--family', 'tweedie'), says: [/"tweedie"/, /gaussian/] },
  {
    fault: 'a word for missing that is not known',
    argv: fitting(model, '--missing', 'impute'),
    says: [/"impute"/, /error, drop/],
  },
  { fault: 'groups without a file', argv: fitting(model, '--groups', 'g'), says: [/"g"/, /FACTOR=FILE/] },
  {
    fault: 'a level-2 regression without a tilde',
    argv: fitting(model, '--level2', 'g size'),
    says: [/"g size"/, /FACTOR: ~ TERMS/],
  },
];

describe('wrong input to fit', () => {
  it.each(cases)('$fault is answered by one clear sentence and status 2', async ({ argv, files: changed, says }) => {
    const { status, stdout, stderr, written } = await run([...argv, '--out', 'out.json'], { ...files, ...changed });
    expect({ status, stdout, stderr }).toMatchObject({ status: 2, stdout: '' });
    for (const pattern of says) expect(stderr).toMatch(pattern);
    expect(stderr).not.toMatch(/undefined|\[object|NaN|\bat .*\.ts:/);
    expect(stderr.endsWith('\n')).toBe(true);
    expect(written.size).toBe(0);
  });

  const withoutJson = cases.filter(({ argv }) => argv[0] === 'fit' && !argv.some((word) => word.startsWith('--json')));
  it.each(withoutJson)('$fault is JSON where --json asks for it', async (each) => {
    const all = { ...files, ...each.files };
    const [plain, json] = [await run(each.argv, all), await run(['fit', '--json', ...each.argv.slice(1)], all)];
    expect(json).toMatchObject({ status: 2, stdout: '' });
    const { error } = JSON.parse(json.stderr);
    expect(`partial-pooling fit: ${error.message}\n`).toBe(plain.stderr);
    expect(error).toMatchObject({ command: 'fit', code: expect.any(String), where: expect.any(String) });
  });

  it('the data these faults are made from is right', async () => {
    const argv = fitting(
      model,
      '--groups',
      'g=g.csv',
      '--level2',
      'g: ~ size',
      '--chains',
      '1',
      '--warmup',
      '10',
      '--iterations',
      '10',
    );
    const { status, stderr } = await run(argv, files);
    expect([0, 3]).toContain(status);
    expect(stderr).toBe('');
  });
});

describe('names that clash with the language', () => {
  it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'])(
    'a column called %s is a column',
    async (name) => {
      const renamed = data.replace('y,x,g', `y,${name},g`);
      const argv = [
        'fit',
        `y ~ ${name} + (1 | g)`,
        '--data',
        'd.csv',
        '--chains',
        '1',
        '--warmup',
        '20',
        '--iterations',
        '20',
        '--json',
      ];
      const { status, stdout, stderr } = await run(argv, { 'd.csv': renamed });
      expect(stderr).toBe('');
      expect([0, 3]).toContain(status);
      const names = JSON.parse(stdout).summary.map((row: { variable: string }) => row.variable);
      expect(names).toContain(`beta[${name}]`);
    },
  );

  it.each(['__proto__', 'constructor'])('a grouping factor called %s is a grouping factor', async (name) => {
    const renamed = data.replace('y,x,g', `y,x,${name}`);
    const argv = [
      'fit',
      `y ~ x + (1 | ${name})`,
      '--data',
      'd.csv',
      '--chains',
      '1',
      '--warmup',
      '20',
      '--iterations',
      '20',
      '--json',
    ];
    const { stdout, stderr } = await run(argv, { 'd.csv': renamed });
    expect(stderr).toBe('');
    const names = JSON.parse(stdout).summary.map((row: { variable: string }) => row.variable);
    expect(names).toContain(`tau_${name}[Intercept]`);
  });

  it('names with spaces stand in backticks, and levels may be any text', async () => {
    const renamed = data
      .replace('y,x,g', 'y,income in 1000,g')
      .replaceAll('g0', 'Łódź 日本')
      .replaceAll('g1', '__proto__');
    const argv = [
      'fit',
      'y ~ `income in 1000` + (1 | g)',
      '--data',
      'd.csv',
      '--chains',
      '1',
      '--warmup',
      '20',
      '--iterations',
      '20',
      '--json',
    ];
    const { stdout, stderr } = await run(argv, { 'd.csv': renamed });
    expect(stderr).toBe('');
    const names = JSON.parse(stdout).summary.map((row: { variable: string }) => row.variable);
    expect(names).toContain('u_g[Łódź 日本,Intercept]');
    expect(names).toContain('u_g[__proto__,Intercept]');
  });
});
