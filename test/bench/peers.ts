/**
 * Ours beside JAGS, raw Stan, rstanarm and MCMCpack where `Rscript` finds them, on this machine in one run, under each
 * peer's priors: effective draws per CPU second of sampling, over all parameters, those of every group included. `npm
 * run bench:peers` writes test/bench/RESULTS.md, anew after every model; `npm run bench:peers -- radon_ri,hsb
 * jags,rstan 60` takes some models and peers ('all' for all), with so many recorded iterations of each peer, and prints
 * the table alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { firstDraws } from './firstDraws.ts';
import { inWorkers } from './inWorkers.ts';
import { type Ess, type Measured, measure } from './measure.ts';
import { type BenchModel, benchGraph, models, type PriorKind } from './models.ts';

const titles: Readonly<Record<string, string>> = {
  jags: 'JAGS',
  rstan: 'raw Stan',
  rstanarm: 'rstanarm',
  mcmcpack: 'MCMCpack',
};
const kinds: readonly PriorKind[] = ['inverse-Wishart', 'half-Cauchy and LKJ'];
/** Seconds by the clock that one fit of a peer may take. */
const CAP = 300;
/** Beyond this many standard errors a peer has not drawn from the posterior that the others have. */
const WRONG = 8;
const size = { chains: 4, warmup: 1000, iterations: 20_000, seed: 20260101 };

type Moments = Readonly<Record<string, { readonly mean: number; readonly mcse: number }>>;

/** A row of the table: ours under one kind of priors, or a peer's. */
interface Fitted {
  readonly priors: string;
  /** CPU seconds: start and warm-up, and recorded iterations. */
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
  readonly draws: number;
  readonly bulk: Ess;
  readonly tail: Ess;
  /** Posterior means of the hyperparameters. */
  readonly hyper: Moments;
}

/** What peers.R writes. */
interface PeerResult extends Omit<Fitted, 'draws' | 'bulk' | 'tail'> {
  readonly version: string;
  readonly R: string;
  readonly iterations: number;
  readonly bulk: number;
  readonly bulkMedian: number;
  readonly tail: number;
  readonly tailMedian: number;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const data = fileURLToPath(new URL('../fixtures/data/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
/** Compiling a Stan model takes a minute or two: kept for the next run. */
const cache = join(tmpdir(), 'bench-peers-cache');
mkdirSync(cache, { recursive: true });
const [chosen, chosenPeers] = [2, 3].map((at) =>
  (process.argv[at] ?? 'all').split(',').filter((name) => name !== 'all'),
) as [string[], string[]];
const shortened = process.argv[4];
const whole = chosen.length === 0 && chosenPeers.length === 0 && shortened === undefined;
const taken = (all: readonly string[], name: string): boolean => all.length === 0 || all.includes(name);

function ours(model: BenchModel, kind: PriorKind): Fitted {
  const measured = measure(benchGraph(model, kind), fixtureFrame(model.file), size);
  return {
    ...measured,
    priors: kind,
    warmupSeconds: measured.startSeconds + measured.warmupSeconds,
    hyper: moments(measured),
  };
}

function moments({ scalars, draws }: Measured): Moments {
  const hyper: Record<string, { mean: number; mcse: number }> = {};
  for (const { name, chains, bulk } of scalars) {
    if (name.startsWith('u_')) continue;
    const sum = (value: (x: number) => number): number =>
      chains.reduce((total, chain) => total + chain.reduce((inner, x) => inner + value(x), 0), 0) / draws;
    const mean = sum((x) => x);
    const short = name.replace(/^tau_\w+/, 'tau').replace(/^corr.*/, 'corr');
    hyper[short] = { mean, mcse: Math.sqrt(sum((x) => (x - mean) ** 2) / bulk) };
  }
  return hyper;
}

const versions = new Set<string>();

/** A peer's fit in a process of its own, or why there is none. */
function peerFit(peer: string, model: BenchModel): Fitted | string {
  if (peer === 'mcmcpack' && model.family !== 'gaussian') return 'a model of its own, with a residual in every row';
  const out = join(folder, `${peer}-${model.name}.json`);
  if (peer === 'rstan') compile(model.family === 'gaussian' ? 'lmm' : 'logit');
  const args = [join(here, 'peers.R'), peer, model.name, data, out, cache, ...(shortened ? [shortened] : [])];
  const run = spawnSync('Rscript', args, {
    encoding: 'utf8',
    timeout: CAP * 1000,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (existsSync(out)) {
    const result = JSON.parse(readFileSync(out, 'utf8')) as PeerResult;
    versions.add(result.R).add(result.version);
    return {
      ...result,
      draws: 4 * result.iterations,
      bulk: { min: result.bulk, median: result.bulkMedian },
      tail: { min: result.tail, median: result.tailMedian },
    };
  }
  const late = run.signal === 'SIGTERM';
  const said = run.stderr.split('\n').filter((line) => line.trim() !== '' && line !== 'Execution halted');
  const fault = run.error?.message ?? said.at(-1)?.trim() ?? '';
  return late ? `more than ${CAP} s` : (fault.replaceAll('|', '/') || 'failed').slice(0, 100);
}

function compile(stan: 'lmm' | 'logit'): void {
  if (existsSync(join(cache, `${stan}.rds`))) return;
  console.log(`compiling ${stan}.stan`);
  spawnSync('Rscript', [join(here, 'peers.R'), 'compile', stan, data, '-', cache], {
    timeout: 600_000,
    stdio: 'ignore',
  });
}

const round = (value: number): string =>
  value >= 99.5 ? Math.round(Number(value.toPrecision(3))).toLocaleString('en') : value.toPrecision(2);

/** The cells of a row that ours and the peers' have alike. */
function cells({ priors, warmupSeconds, samplingSeconds, draws, bulk, tail }: Fitted): string[] {
  const perSecond = [bulk, tail].flatMap(({ min, median }) => [min, median]).map((ess) => round(ess / samplingSeconds));
  const perDraw = [bulk, tail].map(({ min }) => (min / draws).toPrecision(2));
  return [priors, ...perSecond, ...perDraw, warmupSeconds.toPrecision(2)];
}

/** The largest difference of a hyperparameter's posterior mean, in combined Monte Carlo standard errors. */
function difference(a: Moments, b: Moments): number {
  const z = Object.entries(b).flatMap(([name, { mean, mcse }]) => {
    const own = a[name];
    return own ? [Math.abs(mean - own.mean) / Math.hypot(mcse, own.mcse)] : [];
  });
  return Math.max(...z);
}

const COLUMNS =
  'model | program | priors | ESS/s, bulk: min | median | tail: min | median | min ESS per draw, bulk | tail | start and warm-up, CPU s | ours / theirs, bulk | tail | difference of means';
const row = (parts: readonly string[]): string =>
  `| ${[...parts, ...Array(COLUMNS.split(' | ').length - parts.length).fill('')].join(' | ')} |`;
const lines = [`| ${COLUMNS} |`, `|---|---|---|${'---:|'.repeat(10)}`];
const load = loadavg()[0]!;

function compare(model: BenchModel, peer: string, own: ReadonlyMap<string, Fitted>): string {
  const found = peerFit(peer, model);
  const head = [model.name, titles[peer]!];
  if (typeof found === 'string') return row([...head, '', found]);
  const equal = own.get(found.priors);
  const beside = equal ?? own.get('half-Cauchy and LKJ')!;
  const apart = equal ? difference(equal.hyper, found.hyper) : Number.NaN;
  if (apart > WRONG) {
    const what = `its posterior means are off by ${apart.toFixed(0)} standard errors: not compared`;
    return row([...head, found.priors, what]);
  }
  const ratio = (a: Ess, b: Ess): string => round(a.min / beside.samplingSeconds / (b.min / found.samplingSeconds));
  const ratios = [ratio(beside.bulk, found.bulk), ratio(beside.tail, found.tail)];
  return row([...head, ...cells(found), ...ratios, equal ? apart.toFixed(1) : '']);
}

function report(others: readonly string[]): string {
  const machine = `${cpus().length} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), load ${load.toFixed(1)} at the start, ${loadavg()[0]!.toFixed(1)} at the end`;
  const found = versions.size > 0 ? [...versions].join('; ') : 'no peer found: ours alone';
  return [
    '# Ours beside the peers',
    '',
    `${machine}; Node ${process.version}; ${found}. Seed ${size.seed}; ${size.chains} chains, one thread; ours ${size.warmup} warm-up and ${size.iterations} recorded iterations.`,
    '',
    "ESS/s: effective sample size per CPU second of sampling (start and warm-up apart), the smallest and the median over all parameters, every group's coefficients included. Priors are equal in a row and the",
    'row of ours it is compared with: inverse-Wishart(3, S) or inverse gamma(1, S), and inverse gamma(0.001, 0.001) on the residual variance; or half-Cauchy sds and LKJ(2); rstanarm has priors of its own, and stands',
    'beside ours with half-Cauchy and LKJ. Ratios are of the smallest ESS/s. Difference of means: the largest over the hyperparameters, in combined Monte Carlo standard errors. On a busy machine such figures are good to a factor of two.',
    '',
    ...lines,
    '',
    ...others,
  ].join('\n');
}

const begin = performance.now();
const log = (line: string): void => console.log(`${((performance.now() - begin) / 60_000).toFixed(1)} min  ${line}`);
for (const model of models) {
  if (!taken(chosen, model.name)) continue;
  const own = new Map(kinds.map((kind) => [kind, ours(model, kind)]));
  for (const fitted of own.values()) {
    lines.push(row([`${model.name}, \`${model.text.replaceAll('|', '\\|')}\``, 'ours', ...cells(fitted)]));
    log(lines.at(-1)!);
  }
  for (const peer of Object.keys(titles)) {
    if (!taken(chosenPeers, peer)) continue;
    lines.push(compare(model, peer, own));
    log(lines.at(-1)!);
  }
  if (whole) writeFileSync(join(here, 'RESULTS.md'), report([]));
}
rmSync(folder, { recursive: true });
const others = async (): Promise<string[]> => [
  '# Time to first draw',
  '',
  ...firstDraws(),
  '',
  '# Chains in workers',
  '',
  ...(await inWorkers()),
  '',
];
const text = report(whole ? await others() : []);
if (whole) writeFileSync(join(here, 'RESULTS.md'), text);
else console.log(text);
