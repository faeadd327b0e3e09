import { describe, expect, it } from 'vitest';
import { combine } from '../../src/files/combine.ts';
import { fromCheckpoint, fromJson } from '../../src/files/fromJson.ts';
import { toCheckpoint, toJson } from '../../src/files/toJson.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import type { KeepOptions } from '../../src/mcmc/keep.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { extend, resume } from '../../src/run/extend.ts';
import { sample } from '../../src/run/sample.ts';
import { check } from '../../src/summary/checks/check.ts';
import { deviationSummary } from '../../src/summary/deviationSummary.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { coef, ranef } from '../../src/summary/estimates.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';

const rng = createRng([20261128, 3]);
const G = Array.from({ length: 12 }, () => [rng.normal(), 0.5 * rng.normal()] as const);
const rows = Array.from({ length: 72 }, (_, i) => {
  const [a, b] = G[i % 12]!;
  const x = 3 + rng.normal();
  return { y: 5 + a + (1 + b) * x + rng.normal(), x, z: a + rng.normal(), g: `g${i % 12}`, h: `h${i % 5}` };
});
const groups = { g: Array.from({ length: 12 }, (_, j) => ({ g: `g${j}`, w: G[j]![0] })) };
const data = { rows, groups };
const nested = 'y ~ x + (1 + x | g) + (1 | h)';
const options = { level2: { g: '~ w' } };
const size = { chains: 3, warmup: 40, iterations: 90, seed: 5 };

/** What is kept: a kind of each. By Gibbs, which fits nothing before it draws; one by kernels that do. */
const KEPT: readonly (KeepOptions & { readonly kernels: string })[] = [
  { thin: 7, kernels: 'gibbs' },
  { keep: { u_g: 'summary' }, kernels: 'gibbs' },
  { keep: { u_g: 'summary', u_h: 'summary' }, thin: 4, kernels: 'auto' },
  { keep: { u_g: false, u_h: 'summary' }, kernels: 'gibbs' },
  { keep: { u_g: false, u_h: 'draws' }, thin: 2, kernels: 'gibbs' },
];

const whole = new Map(
  ['auto', 'gibbs'].map((kernels) => [kernels, sampleSync(nested, data, { ...size, ...options, kernels })]),
);
const all = whole.get('auto')!;
const timeless = (fit: Fit): string => toJson(fit, { times: false });

/** Draws of a fit by the names of its quantities, each thin-th of them. */
function drawsOf(fit: Fit, thin = 1): Map<string, number[][]> {
  const { variables } = fit.draws;
  return new Map(
    variables.flatMap(({ name, offset, size: count }) =>
      Array.from({ length: count }, (_, i) => [
        `${name} ${i}`,
        scalarChains(fit.draws, offset + i).map((chain) => Array.from(chain).filter((_, s) => (s + 1) % thin === 0)),
      ]),
    ),
  );
}

describe.each(KEPT)('a fit that keeps %j', (kept) => {
  const all = whole.get(kept.kernels)!;
  const fit = sampleSync(nested, data, { ...size, ...options, ...kept });
  const text = timeless(fit);

  it('has the draws of one that keeps all of them', () => {
    const want = drawsOf(all, kept.thin);
    const got = drawsOf(fit);
    const gone = Object.entries(kept.keep ?? {}).flatMap(([name, what]) => (what === 'draws' ? [] : [name]));
    for (const name of [...want.keys()]) if (gone.some((own) => name.startsWith(`${own} `))) want.delete(name);
    expect(got).toEqual(want);
    expect(fit.checkpoints.map(({ rng, position }) => ({ rng, position }))).toEqual(
      all.checkpoints.map(({ rng, position }) => ({ rng, position })),
    );
  });

  it('is the same in turn and in workers, and read back from its file', async () => {
    expect(timeless(await sample(nested, data, { ...size, ...options, ...kept, workers: false }))).toBe(text);
    if (kept === KEPT[2]) {
      expect(timeless(await sample(nested, data, { ...size, ...options, ...kept, workers: 2 }))).toBe(text);
    }
    expect(timeless(fromJson(text))).toBe(text);
    expect(timeless(fromJson(toJson(fit, { compact: true })))).toBe(text);
  });

  it('is the same extended, resumed and combined', async () => {
    const short = sampleSync(nested, data, { ...size, ...options, ...kept, iterations: 51 });
    expect(timeless(extendSync(short, 39))).toBe(text);
    expect(timeless(await extend(fromJson(timeless(short)), 39))).toBe(text);
    const checkpoints: Parameters<typeof toCheckpoint>[0][] = [];
    const onCheckpoint = (at: (typeof checkpoints)[number]): void => {
      checkpoints.push(at);
    };
    await sample(nested, data, { ...size, ...options, ...kept, workers: false, checkpointSeconds: 0, onCheckpoint });
    for (const at of [checkpoints[0]!, checkpoints.at(-1)!]) {
      expect(timeless(await resume(fromCheckpoint(toCheckpoint(at))))).toBe(text);
    }
    const part = (only: number[]): Promise<Fit> => sample(nested, data, { ...size, ...options, ...kept, only });
    expect(timeless(combine([await part([2]), fromJson(timeless(await part([1, 3])))]))).toBe(text);
  });

  it('has a verdict, and predicts new groups as one that keeps all draws', () => {
    expect(check(fit).findings.length).toBeGreaterThanOrEqual(0);
    const rows = [{ x: 2, g: 'new', h: 'new' }];
    const newdata = { rows, groups: { g: [{ g: 'new', w: 0.3 }] } };
    if (kept.thin === undefined) expect(predict(fit, newdata).rows).toEqual(predict(all, newdata).rows);
    else expect(predict(fit, newdata).rows[0]!.mean).toBeTypeOf('number');
  });
});

describe('running summaries', () => {
  const fit = sampleSync(nested, data, { ...size, ...options, keep: { u_g: 'summary', u_h: 'summary' } });

  it('are the means, sds, covariances and, within a bin, quantiles of the draws', () => {
    const near = (got: number, want: number): void => expect(Math.abs(got - want)).toBeLessThan(1e-12);
    for (const [get, keys] of [
      [ranef, ['mode', 'sd']],
      [coef, ['estimate', 'sd']],
    ] as const) {
      for (const factor of ['g', 'h']) {
        const want = get(all)[factor]! as unknown as Record<string, number>[];
        (get(fit)[factor]! as unknown as Record<string, number>[]).forEach((row, i) => {
          for (const key of keys) near(row[key]!, want[i]![key]!);
          for (const q of ['q5', 'q50', 'q95'])
            expect(Math.abs(row[q]! - want[i]![q]!)).toBeLessThan(0.25 * row['sd']!);
        });
      }
    }
    const { offset } = all.draws.variables.find(({ name }) => name === 'u_g')!;
    const [a, b] = [6, 7].map((i) => scalarChains(all.draws, offset + i).flatMap((chain) => Array.from(chain)));
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const cov = a!.reduce((sum, value, s) => sum + (value - mean(a!)) * (b![s]! - mean(b!)), 0) / (a!.length - 1);
    near(deviationSummary(fit, 0)!.covariance(3)[1]!, cov);
    near(deviationSummary(fit, 0)!.covariance(3)[2]!, cov);
  });

  it('serve shrinkage and summaries', () => {
    for (const factor of ['g', 'h']) {
      const [got, want] = [shrinkage(fit, factor), shrinkage(all, factor)];
      for (const [term, value] of Object.entries(want.poolingFactor)) {
        expect(got.poolingFactor[term]).toBeCloseTo(value!, 12);
      }
      got.rows.forEach((row, i) => {
        const { q5, q95, partialPooling, ...rest } = row;
        const other = want.rows[i]!;
        expect(partialPooling).toBeCloseTo(other.partialPooling, 12);
        expect(q5).toBeLessThan(partialPooling);
        expect(q95).toBeGreaterThan(partialPooling);
        expect(rest.shrinkageWeight).toBe(other.shrinkageWeight);
        // The noise that a group's own estimate is weighed by depends on the posterior means of the other factors.
        if (rest.noPooling !== null) expect(rest.noPooling).toBeCloseTo(other.noPooling!, 10);
      });
    }
    const names = (of: Fit): string[] => summarize(of).map(({ variable }) => variable);
    expect(names(fit)).toEqual(names(all));
    const [one] = summarize(fit, { variables: ['b_g[g3,x]'], measures: ['mean', 'median', 'rhat'] });
    expect(one!.mean).toBeCloseTo(
      coef(all)['g']!.find(({ level, term }) => level === 'g3' && term === 'x')!.estimate,
      12,
    );
    expect(one!.rhat).toBeNaN();
  });

  it('of chains that disagree are found', () => {
    const [first, ...others] = fit.checkpoints;
    const summaries = first!.summaries!.map((own) => ({ ...own, means: own.means.map((value) => value + 100) }));
    const found = check({ ...fit, checkpoints: [{ ...first!, summaries }, ...others] }).findings;
    expect(found.filter(({ variable, code }) => code === 'rhat' && variable.startsWith('u_')).length).toBe(29);
  });

  it.each([
    ['rows of known groups', () => predict(fit)],
    ['draws by name', () => drawVariables(fit, 'u_g[g1,x]')],
    ['draws of coefficients', () => drawVariables(fit, 'b_g')],
    ['a file of coefficients', () => toJson(fit, { groupCoefficients: true })],
    [
      'deviations of which nothing is kept',
      () => ranef(sampleSync('y ~ (1 | h)', data, { ...size, keep: { u_h: false } })),
    ],
  ])('do not serve %s, in one sentence', (_, call) => {
    const { code, message } = faultOf(call);
    expect(code).toBe('draws-not-kept');
    expect(message).toMatch(
      /^this needs the draws of u_[gh], of which this fit keeps (a summary|nothing); sample again/,
    );
  });
});

describe('what cannot be kept', () => {
  const fail = (more: object): string =>
    faultOf(() => sampleSync(nested, data, { ...size, ...options, ...more })).message;

  it('is refused in one sentence', () => {
    expect(fail({ keep: { u_f: 'summary' } })).toBe(
      'keep: "u_f" is no variable of deviations, of which alone the draws can be left out; accepted are u_g, u_h',
    );
    expect(fail({ keep: { beta: false } })).toContain('"beta" is no variable of deviations');
    expect(fail({ keep: { u_g: 'median' } })).toBe(
      "keep: got \"median\" for u_g; accepted is 'draws', 'summary' or false",
    );
    expect(fail({ keep: ['u_g'] })).toBe(
      "keep: got a list of 1; accepted is an object such as { u_county: 'summary' }",
    );
    expect(fail({ thin: 0 })).toBe('thin: got 0; accepted is a whole number from 1 to 10000000');
    expect(fail({ thin: 30 })).toBe(
      'thin: got 30; accepted is a whole number from 1 to 22, so that 4 of 90 iterations are kept',
    );
  });

  it('is refused before sampling where it needs too much, with what to keep instead', async () => {
    const big = { chains: 4, iterations: 1e6, warmup: 10 };
    const said = fail({ ...big, memory: 0.5 });
    expect(said).toMatch(
      /^iterations: 4 chains of 1000000 draws of 38 quantities need 1\.3 GB of memory, more than the limit of 0\.5 GB \(and in a file 3\.0 GB, compact 1\.7 GB\); keep summaries of u_g, u_h \(keep u_g=summary, u_h=summary: 0\.4 GB\), or thin them \(thin 3\), or fewer draws or chains; or raise the limit \(memory, in GB\)$/,
    );
    await expect(sample(nested, data, { ...big, ...options, memory: 0.5 })).rejects.toMatchObject({ message: said });
    await expect(sample(nested, data, { ...big, ...options, chains: 1000, iterations: 1e7 })).rejects.toMatchObject({
      code: 'too-many-draws',
    });
  });
});

describe('a file with summaries', () => {
  const fit = sampleSync(nested, data, { ...size, ...options, keep: { u_g: 'summary' }, thin: 2 });
  const json = JSON.parse(toJson(fit));
  const changed = (change: (own: typeof json.partial_pooling) => void): string => {
    const copy = structuredClone(json);
    change(copy.partial_pooling);
    return faultOf(() => fromJson(JSON.stringify(copy))).message;
  };

  it('is refused where they are not those of its draws', () => {
    const { u_g } = json.partial_pooling.summaries;
    const swap = (text: string): string => text.replace(/.(?=....$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    expect(changed((own) => delete own.summaries)).toContain('has no "summaries"');
    expect(changed((own) => delete own.thin)).toMatch(/has \d+ entries|is not that/);
    expect(changed((own) => delete own.keep)).toContain('has no "u_g"');
    expect(changed((own) => (own.keep = { u_g: 'draws' }))).toContain('"summary" or false is expected');
    expect(changed((own) => (own.keep = { u_k: 'summary' }))).toContain('no variable of its model');
    expect(changed((own) => (own.schema = 2))).toContain('thin and keep do not fit');
    expect(changed((own) => (own.summaries.u_g.deviations = swap(u_g.deviations)))).toMatch(/draws in stream|checksum/);
    expect(changed((own) => (own.summaries.u_g.deviations = u_g.deviations.slice(0, 104)))).toContain('in base 64');
    expect(changed((own) => (own.summaries.u_g.deviations = u_g.deviations.slice(0, 105)))).toContain('too early');
    expect(changed((own) => (own.summaries.u_g.chains[1].means = swap(u_g.chains[1].means)))).toContain('checksum');
    expect(changed((own) => (own.summaries.u_g.chains[1].means = u_g.chains[1].betweenGroups))).toContain(
      'no block of 24',
    );
    expect(changed((own) => (own.summaries.u_g.chains[2].iterations = 89))).toContain('from 90 to 90');
  });

  it('holds one place in the chains by its likelihood', () => {
    expect(changed((own) => (own.logLikelihood += 1))).toContain('the log-likelihood');
  });
});

describe('a plan', () => {
  it('keeps all draws unless told otherwise', () => {
    const { keep, kept, variables } = plan(nested, data, options);
    expect(keep).toEqual({ thin: 1, without: {} });
    expect(kept.variables).toEqual(variables);
  });
});
