/**
 * Ours beside JAGS, raw Stan, rstanarm and MCMCpack where `Rscript` finds them, on this machine in one run, under each peer's priors: effective draws
 * per CPU second of sampling, the smallest over all parameters, those of every group included. `npm run bench:peers` writes test/bench/RESULTS.md;
 * `npm run bench:peers -- radon_ri,hsb jags,rstan` takes some models and peers.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { essBulk, essTail } from '../../diagnostics/index.ts';
import { parseCsv } from '../../src/data/csv.ts';
import { type ColumnInput, toFrame } from '../../src/data/frame.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { halfCauchy, inverseGamma, inverseWishart, lkj, normal } from '../../src/graph/priors.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { namedChains } from '../statistical/agreement.ts';
import { firstDraws } from './firstDraws.ts';

interface Model {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly factor: string;
  readonly sb: number;
  readonly sc: number;
  /** Diagonal of the inverse-Wishart scale; one number: of the inverse gamma(1, S). */
  readonly S: readonly number[];
}

const models: readonly Model[] = [
  {
    name: 'radon_ri',
    file: 'radon_arm',
    text: 'log_radon ~ floor + (1 | county)',
    factor: 'county',
    sb: 100,
    sc: 2.5,
    S: [0.05],
  },
  {
    name: 'radon_M4',
    file: 'radon_arm',
    text: 'log_radon ~ floor * log_uranium + (1 + floor | county)',
    factor: 'county',
    sb: 100,
    sc: 2.5,
    S: [0.1, 0.1],
  },
  {
    name: 'hsb',
    file: 'hsb',
    text: 'mathach ~ ses * catholic + (1 + ses | school)',
    factor: 'school',
    sb: 1000,
    sc: 2.5,
    S: [1, 1],
  },
  {
    name: 'sleepstudy',
    file: 'sleepstudy',
    text: 'Reaction ~ Days + (Days | Subject)',
    factor: 'Subject',
    sb: 1000,
    sc: 25,
    S: [200, 20],
  },
  { name: 'oneway_tiny', file: 'oneway_tiny', text: 'y ~ 1 + (1 | group)', factor: 'group', sb: 1000, sc: 10, S: [10] },
];

const peers = ['jags', 'rstan', 'rstanarm', 'mcmcpack'];
const titles: Record<string, string> = { jags: 'JAGS', rstan: 'raw Stan', rstanarm: 'rstanarm', mcmcpack: 'MCMCpack' };
/** Seconds by the clock that one fit of a peer may take. */
const CAP = 200;
/** Beyond this many standard errors a peer has not drawn from the posterior that the others have. */
const WRONG = 8;
const SEED = 20260101;
const ITERATIONS = 5000;

interface Measured {
  readonly version: string;
  readonly R: string;
  readonly priors: string;
  readonly parameters: number;
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
  readonly bulk: number;
  readonly tail: number;
  readonly draws: number;
  readonly hyper: Readonly<Record<string, { readonly mean: number; readonly sd: number; readonly mcse: number }>>;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const data = fileURLToPath(new URL('../fixtures/data/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
/** Compiling the Stan model takes a minute or two: kept for the next run. */
const cache = join(tmpdir(), 'bench-peers-cache');
mkdirSync(cache, { recursive: true });

function rows(file: string): Record<string, ColumnInput> {
  const frame = parseCsv(readFileSync(join(data, `${file}.csv`), 'utf8'), `${file}.csv`);
  const columns: Record<string, ColumnInput> = {};
  for (const [name, { values }] of toFrame(frame, file).columns) columns[name] = values;
  const sector = columns['sector'] as readonly string[] | undefined;
  if (sector) columns['catholic'] = sector.map((value) => Number(value === 'Catholic'));
  return columns;
}

function priors(model: Model, kind: string): FormulaOptions['priors'] {
  const { factor, sb, sc, S } = model;
  const beta = normal(0, sb);
  if (kind === 'inverse-Wishart') {
    const Sigma =
      S.length === 1
        ? inverseGamma(1, S[0]!)
        : inverseWishart(
            3,
            S.map((value, i) => S.map((_, j) => (i === j ? value : 0))),
          );
    return { beta, [`Sigma_${factor}`]: Sigma, sigma: inverseGamma(0.001, 0.001) };
  }
  const tau = { [`tau_${factor}`]: halfCauchy(sc) };
  return { beta, ...tau, ...(S.length > 1 ? { [`corr_${factor}`]: lkj(2) } : {}), sigma: halfCauchy(sc) };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Ours in a process that has run before: its engine has compiled the kernels, as the peers' compilers had. */
function ours(model: Model, kind: string): Measured {
  const graph = formula(model.text, { priors: priors(model, kind) });
  const table = { rows: rows(model.file) };
  sampleSync(graph, table, { iterations: 2000, seed: 1 });
  const fit = sampleSync(graph, table, { iterations: ITERATIONS, seed: SEED, clock: cpuSeconds });
  const named = namedChains(fit);
  let bulk = Infinity;
  let tail = Infinity;
  const hyper: Record<string, { mean: number; sd: number; mcse: number }> = {};
  let scalar = 0;
  for (const [name, chains] of named) {
    if (name.startsWith('b_')) continue;
    const own = essBulk(chains);
    bulk = Math.min(bulk, own);
    tail = Math.min(tail, essTail(chains));
    const short = name.replace(/^(tau|corr)_\w+/, '$1').replace(/^corr.*/, 'corr');
    if (!name.startsWith('u_')) {
      const values = scalarDraws(fit.draws, scalar);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      hyper[short] = { mean, sd, mcse: sd / Math.sqrt(own) };
    }
    scalar += 1;
  }
  const { warmupSeconds, samplingSeconds } = fit.sampling;
  return {
    version: '',
    R: '',
    priors: kind,
    parameters: scalar,
    warmupSeconds: warmupSeconds!,
    samplingSeconds: samplingSeconds!,
    bulk,
    tail,
    draws: 4 * ITERATIONS,
    hyper,
  };
}

/** A peer's fit in a process of its own, or why there is none. */
function peerFit(peer: string, model: Model): Measured | string {
  const out = join(folder, `${peer}-${model.name}.json`);
  const run = spawnSync('Rscript', [join(here, 'peers.R'), peer, model.name, data, out, cache], {
    encoding: 'utf8',
    timeout: CAP * 1000,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (existsSync(out)) {
    const result = JSON.parse(readFileSync(out, 'utf8')) as Measured & { readonly iterations: number };
    return { ...result, draws: 4 * result.iterations };
  }
  return run.error ? `more than ${CAP} s` : (run.stderr.trim().split('\n').at(-1) ?? 'failed');
}

const perSecond = (ess: number, seconds: number): number => ess / seconds;
const round = (value: number): string =>
  value >= 99.5 ? Math.round(Number(value.toPrecision(3))).toLocaleString('en') : value.toPrecision(2);

/** The largest difference of a hyperparameter's posterior mean from ours, in combined Monte Carlo standard errors. */
function difference(a: Measured, b: Measured): number | null {
  const z = Object.entries(b.hyper).flatMap(([name, { mean, mcse }]) => {
    const own = a.hyper[name];
    return own ? [Math.abs(mean - own.mean) / Math.hypot(mcse, own.mcse)] : [];
  });
  return z.length === 0 ? null : Math.max(...z);
}

const chosen = (process.argv[2] ?? '').split(',').filter(Boolean);
const chosenPeers = (process.argv[3] ?? '').split(',').filter(Boolean);
const load = loadavg()[0]!;
if (!existsSync(join(cache, 'lmm.rds')) && (chosenPeers.length === 0 || chosenPeers.includes('rstan'))) {
  spawnSync('Rscript', [join(here, 'peers.R'), 'compile', '-', data, '-', cache], {
    timeout: 600_000,
    stdio: 'ignore',
  });
}
const versions = new Set<string>();
const lines = [
  '| model | program | priors | ESS/s, bulk | tail | ESS per draw, bulk | warm-up, CPU s | ours / theirs, bulk | tail | difference of means |',
  '|---|---|---|---:|---:|---:|---:|---:|---:|---:|',
];
for (const model of models) {
  if (chosen.length > 0 && !chosen.includes(model.name)) continue;
  const own = new Map(['inverse-Wishart', 'half-Cauchy and LKJ'].map((kind) => [kind, ours(model, kind)]));
  const label = `${model.name}, \`${model.text.replaceAll('|', '\\|')}\``;
  for (const [kind, { bulk, tail, samplingSeconds, warmupSeconds, draws }] of own) {
    lines.push(
      `| ${label} | ours | ${kind} | ${round(perSecond(bulk, samplingSeconds))} | ${round(perSecond(tail, samplingSeconds))} | ${(bulk / draws).toFixed(2)} | ${warmupSeconds.toFixed(2)} | | | |`,
    );
  }
  for (const peer of peers) {
    if (chosenPeers.length > 0 && !chosenPeers.includes(peer)) continue;
    const found = peerFit(peer, model);
    if (typeof found === 'string') {
      lines.push(`| ${model.name} | ${titles[peer]} | | ${found} | | | | | | |`);
      console.log(`${model.name} ${peer}: ${found}`);
      continue;
    }
    versions.add(found.version);
    versions.add(found.R);
    const beside = own.get(found.priors) ?? own.get('half-Cauchy and LKJ')!;
    const bulk = perSecond(found.bulk, found.samplingSeconds);
    const tail = perSecond(found.tail, found.samplingSeconds);
    const apart = own.has(found.priors) ? difference(beside, found) : null;
    if (apart !== null && apart > WRONG) {
      const what = `its posterior means are off by ${apart.toFixed(0)} standard errors: not compared`;
      lines.push(`| ${model.name} | ${titles[peer]} | ${found.priors} | ${what} | | | | | | |`);
      console.log(lines.at(-1));
      continue;
    }
    const ratio = (ess: number, theirs: number): string => round(perSecond(ess, beside.samplingSeconds) / theirs);
    lines.push(
      `| ${model.name} | ${titles[peer]} | ${found.priors} | ${round(bulk)} | ${round(tail)} | ${(found.bulk / found.draws).toPrecision(2)} | ${found.warmupSeconds.toPrecision(2)} | ${ratio(beside.bulk, bulk)} | ${ratio(beside.tail, tail)} | ${apart === null ? '' : apart.toFixed(1)} |`,
    );
    console.log(lines.at(-1));
  }
}

function rVersion(): string {
  try {
    return execFileSync('Rscript', ['-e', 'cat(R.version.string)'], { encoding: 'utf8' });
  } catch {
    return 'R not found: ours alone';
  }
}
versions.delete('');
const first = firstDraws();
const text = [
  '# Ours beside the peers',
  '',
  `${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${load.toFixed(1)} at the start; Node ${process.version}; ${[...new Set([rVersion(), ...versions])].join('; ')}. Seed ${SEED}; 4 chains, one thread; ours 1 000 warm-up and ${ITERATIONS} recorded iterations.`,
  '',
  "ESS/s: the smallest effective sample size over all parameters, every group's coefficients included, per CPU second of sampling (warm-up apart). Priors are equal in a row and the row of ours it is",
  'compared with: inverse-Wishart(3, S) or inverse gamma(1, S) and inverse gamma(0.001, 0.001) on the residual variance; or half-Cauchy sds and LKJ(2); rstanarm has priors of its own. Difference of means: the largest',
  'over the hyperparameters, in combined Monte Carlo standard errors. On a busy machine such figures are good to a factor of two.',
  '',
  ...lines,
  '',
  '# Time to first draw',
  '',
  ...first,
  '',
].join('\n');
console.log(text);
if (chosen.length === 0 && chosenPeers.length === 0) writeFileSync(join(here, 'RESULTS.md'), text);
