import fc from 'fast-check';
import { main } from '../../src/cli/main.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import type { FuzzedInput } from './input.ts';
import { rows as data, groupTable } from './smallData.ts';

function csv(columns: Readonly<Record<string, readonly unknown[]>>): string {
  const names = Object.keys(columns);
  const lines = columns[names[0]!]!.map((_, i) => names.map((name) => columns[name]![i]).join(','));
  return `${[names.join(','), ...lines].join('\n')}\n`;
}

const fit = sampleSync(
  formula('y ~ x + (1 | g)'),
  { rows: data },
  { chains: 2, warmup: 4, iterations: 8, kernels: 'gibbs' },
);
const files: Readonly<Record<string, string>> = {
  'd.csv': csv(data),
  'g.csv': csv(groupTable),
  'new.csv': 'x,g,N\n1,a,10\n2,zz,20\n',
  'fit.json': toJson(fit),
  'nodata.json': toJson(fit, { data: false }),
  'draws.csv': 'chain,mu\n1,0.1\n1,0.4\n1,0.3\n1,0.2\n2,0.2\n2,0.1\n2,0.6\n2,0.3\n',
  'bad.csv': 'a,b\n1\n',
  'empty.csv': '',
};

const quick = ['--chains', '1', '--warmup', '2', '--iterations', '4', '--kernels', 'gibbs'];
const valid: readonly (readonly string[])[] = [
  ['fit', 'y ~ x + (1 | g)', '--data', 'd.csv', ...quick, '--json'],
  [
    'fit',
    'y ~ x + (1 | g)',
    '--data',
    'd.csv',
    '--groups',
    'g=g.csv',
    '--level2',
    'g: ~ size',
    ...quick,
    '--out',
    'o.json',
  ],
  ['fit', 'y ~ x + (1 | g)', '--data', 'd.csv', '--prior', 'sigma ~ half_t(3, 1)', '--seed', '4', ...quick],
  ['ml', 'y ~ x + (1 | g)', '--data', 'd.csv', '--method', 'ML', '--json'],
  ['ml', 'k ~ x + (1 | g)', '--data', 'd.csv', '--family', 'binomial', '--method', 'agq', '--points', '5', '--json'],
  ['summary', 'fit.json', '--json'],
  ['check', 'draws.csv', '--json'],
  ['check', 'fit.json'],
  ['shrinkage', 'fit.json', '--json'],
  ['compare', 'fit.json', '--method', 'REML', '--json'],
  ['compare', 'nodata.json', '--data', 'd.csv'],
  ['predict', 'fit.json', '--newdata', 'new.csv', '--json'],
  ['poststratify', 'fit.json', '--newdata', 'new.csv', '--by', 'g', '--json'],
  ['export', 'fit.json', '--format', 'wide', '--out', 'o.csv'],
  ['describe', 'y ~ x + (1 | g)', '--data', 'd.csv'],
  ['describe', 'y ~ x + (1 | g)', '--json'],
  ['help', 'fit'],
  ['--version'],
];
// Neither --workers nor a number of more than two digits: threads and long runs are not what is tried here.
const words = [
  ...[
    'fit',
    'ml',
    'summary',
    'check',
    'shrinkage',
    'compare',
    'predict',
    'poststratify',
    'export',
    'report',
    'describe',
  ],
  ...[
    '--data',
    '--groups',
    '--level2',
    '--prior',
    '--family',
    '--missing',
    '--rank-deficient',
    'drop',
    '--json',
    '--out',
    '--no-data',
    '--newdata',
  ],
  ...[
    '--newgroups',
    '--by',
    '--kind',
    '--level',
    '--format',
    '--method',
    '--points',
    '--chains=1',
    '--seed=',
    '--help',
  ],
  ...[
    '--',
    '-',
    '-h',
    '--x',
    '--data=d.csv',
    '--=',
    '---',
    '',
    ' ',
    '\u0000',
    '__proto__',
    'constructor',
    '--__proto__',
  ],
  ...[
    'd.csv',
    'g.csv',
    'g=g.csv',
    'g=',
    '=g.csv',
    'fit.json',
    'nodata.json',
    'bad.csv',
    'empty.csv',
    'none.csv',
    'new.csv',
  ],
  ...[
    '0',
    '-1',
    '7',
    '1.5',
    'NaN',
    '1e1',
    'drop',
    'gaussian',
    '--na=.,1',
    '--text=x',
    '--number=g',
    '--skip=1',
    '--delimiter=;',
    '--decimal=comma',
    '--thousands=comma',
    '--row-names=r',
    '--comment=y',
    '--encoding=utf-16le',
    'probit',
    'poisson',
    'negbinomial',
    'betabinomial',
    'y | trials(n) ~ x + (1 | g)',
    'y | exposure(w) ~ x + (1 | g)',
    'REML',
    'laplace',
    'y ~ x',
    'y ~',
    'g: ~',
    ': ~ w',
  ],
  ...[
    'beta ~ flat()',
    'beta[x] ~ normal(0, -1)',
    '~',
    'tau_g ~ uniform(2, 1)',
    'stan',
    'tidy',
    'draws-list',
    'mcmcchains',
  ],
];

/** The words of a command line. */
export const commandLines: FuzzedInput<readonly string[]> = {
  name: 'command lines',
  holds: 'status 0, 2 or 3, never 1; one JSON document after --json; a sentence with status 2',
  cases: fc
    .record({
      argv: fc.constantFrom(...valid),
      edits: fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
          action: fc.constantFrom('replace', 'insert', 'remove', 'swap'),
          word: fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom(...words) },
            { weight: 1, arbitrary: fc.string({ maxLength: 8 }).filter((text) => !/\d{3}|work/.test(text)) },
          ),
        }),
        { maxLength: 3 },
      ),
    })
    .map(({ argv, edits }) => {
      const made = [...argv];
      for (const { at, action, word } of edits) {
        const place = Math.floor(at * made.length);
        if (action === 'insert') made.splice(place, 0, word);
        else if (action === 'remove') made.splice(place, 1);
        else if (action === 'replace') made.splice(place, 1, word);
        else made.push(...made.splice(place, 1));
      }
      return made;
    }),
  async run(argv) {
    const written = new Map<string, string>();
    let stdout = '';
    let stderr = '';
    const read = (path: string): string => {
      const text = written.get(path) ?? (Object.hasOwn(files, path) ? files[path] : undefined);
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text;
    };
    const status = await main(argv, {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      isTTY: false,
      readBytes: (path) => [new TextEncoder().encode(read(path))],
      writeFile: (path, pieces) => {
        const decoder = new TextDecoder();
        written.set(
          path,
          Array.from(pieces, (piece) => (typeof piece === 'string' ? piece : decoder.decode(piece))).join(''),
        );
      },
      openFile: () => ({ write() {}, close() {}, discard() {} }),
      tryWriting() {},
      throughProgram: () => new Uint8Array(),
      sameFile: (first, second) => first === second,
      onStop: () => () => {},
    });
    if (status !== 0 && status !== 2 && status !== 3) throw new Error(`status ${status}: ${stderr}`);
    if (status === 2 && stderr.trim() === '') throw new Error('status 2 without a sentence');
    if (status === 2) return false;
    const first = argv.indexOf('--');
    const options = first < 0 ? argv : argv.slice(0, first);
    if (stdout.startsWith('{') && options.includes('--json')) JSON.parse(stdout);
    return true;
  },
};
