import { describe, expect, it } from 'vitest';
import { check, DiagnosticsError, readDraws, readDrawsCsv, readDrawsJson } from '../../../diagnostics/index.ts';

/** Variables with plain arrays, for comparison. */
const plain = (source: unknown) =>
  readDraws(source).map(({ name, chains, ...rest }) => ({
    name,
    chains: chains.map((chain) => Array.from(chain)),
    ...rest,
  }));

function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof DiagnosticsError) return error.code;
    throw error;
  }
}

describe('readDraws on CSV text', () => {
  const want = [
    {
      name: 'mu',
      chains: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      name: 'u[a,x]',
      chains: [
        [5, 6],
        [7, 8],
      ],
    },
  ];

  it('reads one column per variable and a chain column', () => {
    expect(plain('chain,mu,"u[a,x]"\n1,1,5\n1,2,6\n2,3,7\n2,4,8\n')).toEqual(want);
  });

  it('keeps chains apart when their rows alternate, and puts draws in order of iteration', () => {
    expect(plain('.chain,.iteration,.draw,mu,"u[a,x]"\n2,2,4,4,8\n1,1,1,1,5\n2,1,3,3,7\n1,2,2,2,6')).toEqual(want);
  });

  it('reads the long form with variable, value, chain and iteration', () => {
    const rows = want.flatMap(({ name, chains }) =>
      chains.flatMap((chain, c) => chain.map((value, i) => `"${name}",${c + 1},${i + 1},${value}`)),
    );
    expect(plain(`variable,chain,iteration,value\n${rows.join('\n')}`)).toEqual(want);
  });

  it('reads one Stan file per chain, with comments, sampler columns and dotted names', () => {
    const file = (a: number, b: number) =>
      `# model = x\nlp__,stepsize__,mu,L.1.2\n-1,0.5,${a},9\n# Adaptation terminated\n-2,0.5,${b},7\n# Elapsed`;
    expect(plain([file(1, 2), file(3, 4)])).toEqual([
      {
        name: 'lp__',
        chains: [
          [-1, -2],
          [-1, -2],
        ],
      },
      {
        name: 'mu',
        chains: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        name: 'L[1,2]',
        chains: [
          [9, 7],
          [9, 7],
        ],
      },
    ]);
  });

  it('takes a CSV without chain column for one chain, skips a column without a name, keeps dots of other tools', () => {
    expect(plain('"",x.1\n1,0.5\n2,1.5\n')).toEqual([{ name: 'x.1', chains: [[0.5, 1.5]] }]);
  });

  it('reads what R writes for missing and infinite values', () => {
    expect(plain('mu\nNA\nInf\n-Inf\nNaN\n1e-3')).toEqual([
      { name: 'mu', chains: [[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 0.001]] },
    ]);
  });

  it('orders numbered chains by number and named ones as they come', () => {
    expect(plain('chain,x\n10,1\n2,2')[0]!.chains).toEqual([[2], [1]]);
    expect(plain('chain,x\nb,1\na,2')[0]!.chains).toEqual([[1], [2]]);
  });

  it('throws one clear sentence for bad text', () => {
    const cases: [string | string[], string, string][] = [
      ['chain,mu\n1,abc', 'not-numeric', 'row 1 of column "mu" is "abc", not a number'],
      ['chain,mu\n1,\n', 'not-numeric', 'is "", not a number'],
      ['chain,mu\n1,1\n1,2\n2,3', 'unequal-chains', 'chain 2 of mu has 1 draws and chain 1 has 2'],
      ['chain,mu\n', 'bad-csv', 'no draws'],
      ['', 'bad-csv', 'no draws'],
      ['chain,mu\n1,2,3', 'bad-csv', 'row 1 of the CSV has 3 cells and the header has 2'],
      ['mu,mu\n1,2', 'bad-csv', 'two columns "mu"'],
      ['mu,nu\n"1,2', 'bad-csv', 'faulty quote'],
      [
        'iteration,mu\n1,1\n2,2\n1,3\n2,4',
        'bad-csv',
        'iteration 1 appears twice in chain 1; give each chain its number',
      ],
      ['chain,iteration\n1,1', 'no-variables', 'no variables'],
      [['mu\n1', 'nu\n1'], 'bad-csv', 'file 2 has no column "mu"'],
    ];
    for (const [text, code, message] of cases) {
      expect(
        codeOf(() => readDrawsCsv(text)),
        message,
      ).toBe(code);
      expect(() => readDraws(text)).toThrow(message);
    }
  });
});

describe('readDraws on JSON', () => {
  it("reads ArviZ's posterior, naming elements by coordinates where there are any and by position from 0 otherwise", () => {
    const json = {
      posterior: {
        mu: [
          [1, 2],
          [3, 4],
        ],
        beta: [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ],
        theta: [[[[1, 2]], [[3, 4]]]],
      },
      coords: { term: ['Intercept', 'floor'] },
      dims: { beta: ['term'] },
    };
    const parsed = plain(json);
    expect(parsed).toEqual([
      {
        name: 'mu',
        chains: [
          [1, 2],
          [3, 4],
        ],
      },
      {
        name: 'beta[Intercept]',
        chains: [
          [1, 3],
          [5, 7],
        ],
      },
      {
        name: 'beta[floor]',
        chains: [
          [2, 4],
          [6, 8],
        ],
      },
      { name: 'theta[0,0]', chains: [[1, 3]] },
      { name: 'theta[0,1]', chains: [[2, 4]] },
    ]);
    expect(plain(JSON.stringify(json))).toEqual(parsed);
    expect(plain(json.posterior).map(({ name }) => name)).toEqual([
      'mu',
      'beta[0]',
      'beta[1]',
      'theta[0,0]',
      'theta[0,1]',
    ]);
  });

  it("reads posterior's draws_list, an object of chains and an array of arrays", () => {
    const want = [
      {
        name: 'beta[floor]',
        chains: [
          [1, 2],
          [3, 4],
        ],
      },
    ];
    expect(plain([{ 'beta[floor]': [1, 2] }, { 'beta[floor]': [3, 4] }])).toEqual(want);
    expect(
      plain({
        'beta[floor]': [
          [1, 2],
          [3, 4],
        ],
      }),
    ).toEqual(want);
    expect(
      plain([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([{ ...want[0], name: 'draws' }]);
    expect(plain([Float64Array.of(1, 2), Float64Array.of(3, 4)])).toEqual([{ ...want[0], name: 'draws' }]);
  });

  it('takes null, "NA", "NaN", "Inf" and "-Inf" for what they stand for', () => {
    expect(plain('{"mu": [[null, "NA", "NaN", "Inf", "-Inf", 1]]}')[0]!.chains).toEqual([
      [Number.NaN, Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1],
    ]);
  });

  it('throws one clear sentence for bad JSON', () => {
    const cases: [unknown, string, string][] = [
      ['{"mu": [[1, 2]', 'bad-json', 'not valid JSON'],
      [{ mu: [[1, 'two']] }, 'not-numeric', 'draw 2 of chain 1 of "mu" is "two", not a number'],
      [{ mu: [1, 2] }, 'bad-shape', '"mu" is not an array of chains'],
      [
        { mu: [[[1, 2], [3]]] },
        'bad-shape',
        'draw 2 of chain 1 of "mu" does not have the dimensions 2 of the first draw',
      ],
      [[{ a: [1] }, { b: [1] }], 'bad-shape', 'chain 2 has no "a"'],
      [{}, 'no-variables', 'no variables'],
      [5, 'bad-shape', 'the draws are a number'],
      [null, 'bad-shape', 'the draws are null'],
      [[], 'bad-shape', '"draws" is not an array of chains'],
    ];
    for (const [json, code, message] of cases) {
      expect(
        codeOf(() => readDrawsJson(json)),
        message,
      ).toBe(code);
      expect(() => readDraws(json)).toThrow(message);
    }
  });
});

describe('hints guessed for draws without any', () => {
  it('takes sigma, tau and sd for scales when no draw is negative', () => {
    const draws = {
      sigma: [[0, 0.5]],
      'tau_county[floor]': [[1, 2]],
      sd_x: [[1, -2]],
      sigmoid: [[1, 2]],
      mu: [[1, 2]],
    };
    expect(readDraws(draws).map(({ hint }) => hint)).toEqual(['scale', 'scale', undefined, undefined, undefined]);
  });

  it('takes elements that are 0 or 1 in all draws of at least two chains for constants by design', () => {
    const ones = [
      [1, 1],
      [1, 1],
    ];
    const halves = [
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(readDraws({ 'R[1,1]': ones, x: ones, 'y[1]': halves, 'z[1]': [[1, 1]] }).map(({ hint }) => hint)).toEqual([
      'constant',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('lets a correlation matrix pass check', () => {
    const row = (r: number) => [
      [1, r],
      [r, 1],
    ];
    const R = [0.3, 0.1].map((shift) =>
      Array.from({ length: 400 }, (_, i) => row(shift * 0 + Math.sin(i * i * (shift + 1)) / 2)),
    );
    expect(check(readDraws({ R })).findings.filter(({ code }) => code === 'constant' || code === 'stuckChain')).toEqual(
      [],
    );
  });
});
