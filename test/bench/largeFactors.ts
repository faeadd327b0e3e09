/**
 * CPU seconds of a REML fit of large crossed and nested factors, the first in a process of its own as a user has it,
 * beside lme4's lmer in the same run when Rscript is there (InstEval is lme4's):
 *   npx tsx test/bench/largeFactors.ts
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseCsv } from '../../src/data/csv.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../src/random/rng.ts';

const CASES: Readonly<Record<string, readonly [file: string, formula: string]>> = {
  'InstEval, 2 972 students x 1 128 lecturers': ['insteval', 'y ~ service + (1 | s) + (1 | d)'],
  'the same with 28 departments by service': ['insteval', 'y ~ service + (1 | s) + (1 | d) + (1 | ds)'],
  '50 000 rows, 1 000 x 1 000': ['crossed', 'y ~ x + (1 | a) + (1 | b)'],
  '9 000 rows, 450 x 420, slopes in both': ['slopes', 'y ~ x + (1 + x | a) + (1 + x | b)'],
  '20 000 pupils in 5 000 classes in 500 schools': ['nested', 'y ~ x + (1 | s) + (1 | c) + (1 | p)'],
};

const here = fileURLToPath(import.meta.url);
const [own, folder] = process.argv.slice(2);
if (own !== undefined && folder !== undefined) measure(own, folder);
else compare();

function measure(name: string, folder: string): void {
  const [file, text] = CASES[name]!;
  const rows = parseCsv(readFileSync(join(folder, `${file}.csv`), 'utf8'), file);
  const before = process.cpuUsage();
  const fit = maximumLikelihood(text, { rows });
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify([(user + system) / 1e6, fit.convergence.evaluations, fit.deviance]));
}

function compare(): void {
  const folder = mkdtempSync(join(tmpdir(), 'large-factors-'));
  try {
    simulate(folder);
    const lmer = runR(folder);
    const bundle = join(folder, 'bench.mjs');
    const esbuild = join(dirname(here), '../../node_modules/.bin/esbuild');
    execFileSync(esbuild, [
      here,
      '--bundle',
      '--platform=node',
      '--format=esm',
      `--outfile=${bundle}`,
      '--log-level=error',
    ]);
    console.log(
      'case                                            CPU s   evaluations   lmer s   ratio   deviance less lmer',
    );
    for (const [name, [file]] of Object.entries(CASES)) {
      if (!existsSync(join(folder, `${file}.csv`))) continue;
      const text = execFileSync('node', [bundle, name, folder], { encoding: 'utf8' });
      const [seconds, evaluations, deviance] = JSON.parse(text) as [number, number, number];
      const peer = lmer?.[name];
      const beside = peer
        ? `${peer[0].toFixed(2).padStart(9)}${(peer[0] / seconds).toFixed(1).padStart(8)}${(deviance - peer[1]).toExponential(1).padStart(21)}`
        : '';
      console.log(`${name.padEnd(46)}${seconds.toFixed(2).padStart(7)}${String(evaluations).padStart(14)}${beside}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the simulated sets, each from its own seed. */
function simulate(folder: string): void {
  const write = (name: string, header: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, `${name}.csv`), `${header}\n${lines.join('\n')}\n`);
  const crossed = (name: string, seed: number, n: number, Ja: number, Jb: number, slope: number): void => {
    const rng = createRng([seed]);
    const effects = (J: number, sd: number) => Array.from({ length: J }, () => sd * rng.normal());
    const [ua, ub, va, vb] = [effects(Ja, 0.5), effects(Jb, 0.4), effects(Ja, slope), effects(Jb, slope)];
    const lines = Array.from({ length: n }, () => {
      const a = Math.floor(rng.uniform() * Ja);
      const b = Math.floor(rng.uniform() * Jb);
      const x = rng.normal();
      return `a${a},b${b},${x},${1 + 0.3 * x + ua[a]! + ub[b]! + (va[a]! + vb[b]!) * x + rng.normal()}`;
    });
    write(name, 'a,b,x,y', lines);
  };
  crossed('crossed', 1, 50000, 1000, 1000, 0);
  crossed('slopes', 2, 9000, 450, 420, 0.3);
  const rng = createRng([3]);
  const [us, uc] = [0.4, 0.3].map((sd, k) => Array.from({ length: [500, 5000][k]! }, () => sd * rng.normal()));
  const lines: string[] = [];
  for (let p = 0; p < 20000; p++) {
    const up = 0.7 * rng.normal();
    for (let t = 0; t < 4; t++) {
      const x = rng.normal();
      const [s, c] = [Math.floor(p / 40), Math.floor(p / 4)];
      lines.push(`s${s},c${c},p${p},${x},${2 + 0.5 * x + us![s]! + uc![c]! + up + rng.normal()}`);
    }
  }
  write('nested', 's,c,p,x,y', lines);
}

/** CPU seconds and deviance of each case by lmer; InstEval is written on the way. Null without R or lme4. */
function runR(folder: string): Record<string, [number, number]> | null {
  const script = `
    suppressMessages(library(lme4)); suppressMessages(library(jsonlite))
    d <- InstEval; d$ds <- interaction(d$dept, d$service, drop = TRUE)
    write.csv(d, "insteval.csv", row.names = FALSE, quote = FALSE)
    cases <- fromJSON(readLines("cases.json"), simplifyVector = FALSE)
    cat(toJSON(lapply(cases, function(case) {
      rows <- read.csv(paste0(case[[1]], ".csv"))
      for (name in setdiff(names(rows), c("x", "y"))) rows[[name]] <- factor(rows[[name]])
      used <- system.time(m <- lmer(as.formula(case[[2]]), rows))
      c(used[[1]] + used[[2]], -2 * as.numeric(logLik(m)))
    }), digits = NA))`;
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(CASES));
  try {
    const text = execFileSync('Rscript', ['-e', script], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(text) as Record<string, [number, number]>;
  } catch {
    return null;
  }
}
