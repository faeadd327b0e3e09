/**
 * Times every question that is put to a fit, CPU seconds of one call each in a fresh order, of four chains of draws and
 * of a maximum likelihood fit: 9 978 voters in 50 states (logit) and 8 000 groups of five measured rows. Prints a
 * Markdown table; what takes longer than the limit is marked.
 *
 * Run: npx tsx test/bench/run.ts questions [iterations a chain] [voters,groups] [part of a question's name]
 */
import * as pp from '../../src/index.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { cpuSeconds } from './cpuSeconds.ts';
import { benchGraph, models } from './models.ts';

const iterations = Number(process.argv[2] ?? 1000);
const chosen = (process.argv[3] ?? 'voters,groups').split(',');
const part = process.argv[4] ?? '';

/** Five rows in each of 8 000 groups. */
function manyGroups(): pp.Table {
  const rng = pp.createRng([20260102]);
  const columns = { y: [] as number[], x: [] as number[], z: [] as number[], half: [] as string[], g: [] as string[] };
  for (let j = 0; j < 8000; j += 1) {
    const [level, slope, z] = [0.8 * rng.normal(), 0.3 * rng.normal(), rng.normal()];
    for (let i = 0; i < 5; i += 1) {
      const x = rng.normal();
      columns.y.push(1 + 0.4 * z + level + (0.5 + slope) * x + rng.normal());
      columns.x.push(x);
      columns.z.push(z);
      columns.half.push(i % 2 === 0 ? 'first' : 'second');
      columns.g.push(`g${j}`);
    }
  }
  return columns;
}

interface Case {
  readonly name: string;
  readonly limit: number;
  readonly graph: pp.ModelGraph;
  readonly rows: pp.Frame | pp.Table;
  readonly x: string;
  readonly factor: string;
}

const cases: readonly Case[] = [
  {
    name: 'voters',
    limit: 1,
    graph: benchGraph(models.find(({ name }) => name === 'voters_sim')!, 'half-Cauchy and LKJ'),
    rows: fixtureFrame('voters_sim'),
    x: 'income',
    factor: 'state',
  },
  {
    name: 'groups',
    limit: 3,
    graph: pp.formula('y ~ x + z + half + (1 + x | g)'),
    rows: manyGroups(),
    x: 'x',
    factor: 'g',
  },
];

for (const { name, limit, graph, rows, x, factor } of cases.filter((each) => chosen.includes(each.name))) {
  let begin = cpuSeconds();
  const fit = pp.sampleSync(graph, { rows }, { seed: 1, warmup: 300, iterations });
  const sampled = cpuSeconds() - begin;
  begin = cpuSeconds();
  const ml = pp.maximumLikelihood(graph, { rows });
  const estimated = cpuSeconds() - begin;
  console.log(
    `\n${name}: 4 x ${iterations} draws in ${sampled.toFixed(1)} s, maximum likelihood in ${estimated.toFixed(2)} s\n`,
  );
  console.log(`| question | draws, s | maximum likelihood, s |\n|---|---:|---:|`);
  const [one, other] = fit.design.groupTerms[0]!.levels;
  const tau = `tau_${factor}[Intercept]`;
  const shared: Record<string, (asked: pp.ModelFit) => unknown> = {
    'hypothesis of a coefficient': (asked) => pp.hypothesis(asked, `${x} > 0`),
    'hypothesis of an sd': (asked) => pp.hypothesis(asked, `${tau}^2`),
    'hypothesis of two groups': (asked) =>
      pp.hypothesis(asked, `b_${factor}[${one},Intercept] > b_${factor}[${other},Intercept]`),
    contrast: (asked) => pp.contrast(asked, `2 * ${x} - Intercept`),
    effects: (asked) => pp.effects(asked, x),
    'effects in a typical group': (asked) => pp.effects(asked, x, { groups: 'population' }),
    'effects in new groups': (asked) => pp.effects(asked, x, { groups: 'new' }),
    'effects by group': (asked) => pp.effects(asked, x, { by: factor }),
    'predictions on a grid': (asked) => pp.effects(asked, x, { of: 'predictions', over: 'grid' }),
    margins: (asked) => pp.margins(asked, name === 'voters' ? factor : 'half'),
    rSquared: (asked) => pp.rSquared(asked),
    icc: (asked) => pp.icc(asked, { at: { [x]: 1 } }),
    varianceFunction: (asked) => pp.varianceFunction(asked, x),
    marginalCovariance: (asked) => pp.marginalCovariance(asked, factor, one!),
    shrinkage: (asked) => pp.shrinkage(asked, factor),
    'residuals, quantile': (asked) => pp.residuals(asked, { type: 'quantile' }),
    'residuals, pearson': (asked) => pp.residuals(asked, { type: 'pearson' }),
    'residuals of groups': (asked) => pp.residuals(asked, { type: 'pearson', level: 2 }),
    influence: (asked) => pp.influence(asked, factor),
    predict: (asked) => pp.predict(asked),
    'intervals, profile': (asked) => (asked.kind === 'mcmc' ? null : pp.intervals(asked, { method: 'profile' })),
    coefficientTests: (asked) => (asked.kind === 'mcmc' ? null : pp.coefficientTests(asked)),
  };
  const drawn: Record<string, () => unknown> = {
    groupRanks: () => pp.groupRanks(fit, factor),
    predictiveCheck: () => pp.predictiveCheck(fit),
    'predictiveCheck by group': () => pp.predictiveCheck(fit, { by: factor }),
    simulate: () => pp.simulate(fit),
    looPit: () => pp.looPit(fit),
    calibration: () => (name === 'voters' ? pp.calibration(fit) : null),
    'leaveOneOut, rows': () => pp.leaveOneOut(fit),
    'leaveOneOut, groups': () => pp.leaveOneOut(fit, { by: factor }),
    compareModels: () => pp.compareModels({ a: fit, b: { ...fit } }),
    sensitivity: () => pp.sensitivity(fit),
    compareGroups: () => pp.compareGroups(fit, ml, factor),
    summarize: () => pp.summarize(fit),
    check: () => pp.check(fit),
  };
  for (const [question, ask] of [...Object.entries(shared), ...Object.entries(drawn)]) {
    if (!question.includes(part)) continue;
    const timed = (asked: pp.ModelFit | null): string => {
      if (asked === null) return '';
      const start = cpuSeconds();
      try {
        if ((ask as (asked: pp.ModelFit) => unknown)(asked) === null) return '';
      } catch (error) {
        if (!(error instanceof pp.ModelError)) throw error;
        return `none: ${error.message.slice(0, 70)}`;
      }
      const seconds = cpuSeconds() - start;
      return `${seconds.toFixed(2)}${seconds > limit ? ' !' : ''}`;
    };
    console.log(`| ${question} | ${timed(fit)} | ${question in shared ? timed(ml) : ''} |`);
  }
}
