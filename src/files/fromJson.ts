import type { ModelData } from '../data/frame.ts';
import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { graphFromJson } from '../graph/modelGraph.ts';
import type { ModelGraph } from '../graph/node.ts';
import { RULE_NAMES } from '../kernels/ruleNames.ts';
import type { Fit, KernelNote, Sampling } from '../mcmc/fit.ts';
import { keptDraws, keptVariables } from '../mcmc/keep.ts';
import { layout, statVariables } from '../mcmc/layout.ts';
import { recording } from '../mcmc/recording.ts';
import { samplingDesign } from '../mcmc/samplingDesign.ts';
import { movingBlocks } from '../priors/movingPriors.ts';
import type { Priors } from '../priors/priors.ts';
import { resolvePriors } from '../priors/resolvePriors.ts';
import type { BlockStandardisation } from '../products/blockStandardisation.ts';
import { standardisation } from '../products/standardisedDesign.ts';
import { canonical } from './canonical.ts';
import { Checksum } from './checksum.ts';
import { readData, readRowCount, readStoredColumns } from './dataJson.ts';
import { readDraws } from './drawsJson.ts';
import { fileLikelihood } from './fileLikelihood.ts';
import { fingerprint } from './fingerprint.ts';
import { FIT_FILE_SCHEMA_KEPT, FIT_FILE_SCHEMAS, FIT_FILE_WRITER, priorsJson } from './fitFile.ts';
import { readParts } from './fitFileParts.ts';
import {
  checkDepth,
  readList,
  readNamed,
  readNumber,
  readObject,
  readOwn,
  readText,
  readWhole,
  wrong,
} from './jsonReader.ts';
import { keepOfSampling, keepsLess, readKeep } from './keepJson.ts';
import { checkRank, readRank, type StoredRank } from './rankJson.ts';
import { withReduced } from './reducedJson.ts';
import { sameValues } from './sameValues.ts';
import { readStates } from './statesJson.ts';
import { readSummaries } from './summariesJson.ts';

const OWN = 'partial_pooling';

/** Deepest nesting of a graph: nodes, node, tau of a covariance prior, prior, its scale matrix, row. */
const GRAPH_DEPTH = 8;

/** Two evaluations of one log-likelihood differ by rounding only: engines may round a logarithm their own way. */
const LIKELIHOOD_TOLERANCE = 1e-8;

/**
 * The fit in a fit file: the same draws, bit for bit, and a design built anew, from `data` where given, else from the
 * file's `constant_data`.
 *
 * The text may come in pieces, for it may be longer than a text of V8 can be. It is not trusted: whatever is not as
 * `toJson` writes it is a `ModelError`, code `fit-file`, whose sentence names the place. The data must be those of the
 * fit (code `fit-file-data`): their fingerprint, and the log-likelihood at one draw (`fileLikelihood`) evaluated on
 * them, must be those in the file. Levels and priors in force must be what graph and data give. The group coefficients
 * and diagnostics of the file are not read, since they follow from the draws. Throws what the graph and the data
 * themselves would throw, too.
 */
export function fromJson(text: string | Iterable<string>, data?: ModelData): Fit {
  const { fit } = readFitFile(text, data);
  if (fit.sampling.iterations > 0) return fit;
  throw wrong('the file', 'is a checkpoint of a fit that has no draws yet; resume it');
}

/**
 * A fit under way and the iterations that it is to have, from a text that `toCheckpoint` wrote. Throws as `fromJson`
 * does.
 */
export function fromCheckpoint(text: string | Iterable<string>): { readonly fit: Fit; readonly iterations: number } {
  const { fit, goal } = readFitFile(text);
  if (goal === null) throw wrong('the file', 'is a fit that ended, no checkpoint');
  return { fit, iterations: goal };
}

/**
 * Throws `fit-file` where a fit file was changed after it was written, data or none being in it: what is asked of one
 * whose draws alone are read.
 */
export function checkUnchanged(text: string | Iterable<string>): void {
  const sum = new Checksum();
  const root = readObject(readParts(text, sum).root, 'the top level');
  const own = readObject(readOwn(root, OWN, 'the top level'), OWN);
  checkSum(own, root, sum);
}

function readFitFile(text: string | Iterable<string>, data?: ModelData): { fit: Fit; goal: number | null } {
  const sum = new Checksum();
  const { root: found, posterior, sampleStats: told } = readParts(text, sum);
  const root = readObject(found, 'the top level');
  if (!Object.hasOwn(root, OWN)) {
    throw wrong('the top level', `has no "${OWN}"; only files written by ${FIT_FILE_WRITER.name} can be read`);
  }
  const own = readObject(root[OWN], OWN);
  const field = (key: string): unknown => readOwn(own, key, OWN);
  const schema = field('schema');
  if (!FIT_FILE_SCHEMAS.some((known) => known === schema)) {
    throw wrong(`${OWN}.schema`, `is ${JSON.stringify(schema)}; this version reads ${FIT_FILE_SCHEMAS.join(', ')}`);
  }
  const graph = readGraph(field('graph'));
  const goal = Object.hasOwn(own, 'goal') ? readWhole(own['goal'], `${OWN}.goal`, 1, 2e7) : null;
  const rank = readRank(Object.hasOwn(own, 'rank') ? own['rank'] : null);
  const design = readDesign(graph, field('data'), root['constant_data'], data, rank);
  checkRank(rank, design);
  checkLevels(field('levels'), design);
  const coordinates = standardisation(design);
  const priors = readPriors(field('priors'), design, coordinates);

  const factors = design.groupTerms.map(({ factor }) => factor);
  const sampling = { ...readSampling(own, goal, told.size > 0), ...readKeep(own, factors) };
  const { chains, warmup, iterations } = sampling;
  if ((schema === FIT_FILE_SCHEMA_KEPT) !== keepsLess(sampling)) {
    throw wrong(`${OWN}.schema`, `is ${schema}, which its keys thin and keep do not fit`);
  }
  const keep = keepOfSampling(sampling);
  const drawn = keptDraws(keep, iterations);
  if (posterior === null) throw wrong('the top level', 'has no "posterior" that is an object');
  const derived = design.groupTerms.map(({ factor }) => `b_${factor}`);
  const variables = layout(design);
  const kept = keptVariables(variables, keep);
  const draws = readDraws(posterior, kept.variables, chains, drawn, derived);
  const names = sampling.kernels.flatMap(({ stats }) => stats);
  const stats = readDraws(told, statVariables(names), chains, drawn, [], 'sample_stats');
  const sampleStats = names.length > 0 ? stats : null;
  const record = recording(design, movingBlocks(coordinates, priors), variables);
  const least = iterations > 0 ? warmup + iterations : 0;
  const shown = iterations === drawn * keep.thin ? draws : null;
  const states = readStates(
    own,
    { variables, chains, shown, scalars: kept.scalars },
    [least, warmup + iterations],
    record,
  );
  const summarised = Object.keys(keep.without).filter((name) => keep.without[name] === 'summary');
  const instead =
    summarised.length > 0 ? readSummaries(field('summaries'), design, summarised, chains, iterations) : null;
  const checkpoints = states.map((state, c) => (instead ? { ...state, summaries: instead.summaries[c]! } : state));
  const quantiles = instead ? { quantiles: instead.quantiles } : {};
  const fit: Fit = { kind: 'mcmc', graph, design, priors, draws, sampleStats, sampling, checkpoints, ...quantiles };
  if (iterations > 0) checkLikelihood(field('logLikelihood'), fileLikelihood(fit));
  checkSum(own, root, sum);
  return { fit, goal };
}

/**
 * The sum of all draws and of all the rest must be that of the file: whatever was changed and still makes sense is told
 * by it. The first layout has none.
 */
function checkSum(own: Readonly<Record<string, unknown>>, root: object, sum: Checksum): void {
  if (own['schema'] === 1 && !Object.hasOwn(own, 'checksum')) return;
  const stored = readOwn(own, 'checksum', OWN);
  sum.text(canonical(root));
  if (sum.digest() === stored) return;
  throw wrong(
    `${OWN}.checksum`,
    'is not that of its draws and its other parts: the file was changed after it was written',
  );
}

function readGraph(value: unknown): ModelGraph {
  checkDepth(value, `${OWN}.graph`, GRAPH_DEPTH);
  return graphFromJson(value);
}

function readSampling(own: Readonly<Record<string, unknown>>, goal: number | null, told: boolean): Sampling {
  const whole = (key: string, low: number, high: number): number =>
    readWhole(readOwn(own, key, OWN), `${OWN}.${key}`, low, high);
  const rule = readText(readOwn(own, 'rule', OWN), `${OWN}.rule`);
  const rules: readonly string[] = ['auto', ...RULE_NAMES];
  if (!rules.includes(rule)) throw wrong(`${OWN}.rule`, `is ${JSON.stringify(rule)}; accepted are ${rules.join(', ')}`);
  const kernels = readList(readOwn(own, 'kernels', OWN), `${OWN}.kernels`).map((kernel, i): KernelNote => {
    const at = `${OWN}.kernels[${i}]`;
    const object = readObject(kernel, at);
    const updates = readList(readOwn(object, 'updates', at), `${at}.updates`);
    return {
      name: readText(readOwn(object, 'name', at), `${at}.name`),
      updates: updates.map((name, u) => readText(name, `${at}.updates[${u}]`)),
      why: readText(readOwn(object, 'why', at), `${at}.why`),
      ...(Object.hasOwn(object, 'departure') ? { departure: readText(object['departure'], `${at}.departure`) } : {}),
      stats: told ? readStats(object, at) : [],
    };
  });
  const times = Object.hasOwn(own, 'times') ? readObject(own['times'], `${OWN}.times`) : {};
  const seconds = (key: string): number | null => {
    const value = Object.hasOwn(times, key) ? times[key] : null;
    return value === null ? null : readNumber(value, `${OWN}.times.${key}`);
  };
  return {
    chains: whole('chains', 1, 1000),
    warmup: whole('warmup', 0, 1e7),
    iterations: goal === null ? whole('iterations', 1, 2e7) : whole('iterations', 0, goal),
    seed: whole('seed', 0, 4294967295),
    rule,
    kernels,
    warmupSeconds: seconds('warmupSeconds'),
    samplingSeconds: seconds('samplingSeconds'),
  };
}

/** Names of a kernel's statistics. */
function readStats(kernel: Readonly<Record<string, unknown>>, at: string): readonly string[] {
  return readList(readOwn(kernel, 'stats', at), `${at}.stats`).map((name, i) => readText(name, `${at}.stats[${i}]`));
}

function readDesign(
  graph: ModelGraph,
  stored: unknown,
  constantData: unknown,
  data: ModelData | undefined,
  rank: StoredRank,
): Design {
  const at = `${OWN}.data`;
  const object = readObject(stored, at);
  const expected = readText(readOwn(object, 'fingerprint', at), `${at}.fingerprint`);
  const n = readRowCount(readOwn(object, 'rows', at), `${at}.rows`);
  const dropped = readWhole(readOwn(object, 'dropped', at), `${at}.dropped`, 0, 2 ** 31 - 1);
  const columns = readOwn(object, 'columns', at);
  if (data === undefined && (columns === null || constantData === undefined)) {
    throw new ModelError('fit-file-data', 'data', 'fit file: it holds no data; give the data that were fitted');
  }
  const used = data ?? withReduced(readData(constantData, readStoredColumns(columns, `${at}.columns`), n), object, at);
  const missing = data !== undefined && dropped > 0 ? 'drop' : 'error';
  const design = samplingDesign(graph, used, { missing, rankDeficient: rank?.leftOut ? 'drop' : 'error' });
  const found = fingerprint(design);
  if (found !== expected) {
    const whose = data === undefined ? 'constant_data was changed' : 'these are not the data that were fitted';
    throw new ModelError(
      'fit-file-data',
      'data',
      `fit file: ${whose}: their fingerprint is ${found} (${design.n} rows used), the fit's is ${expected} (${n} rows used)`,
    );
  }
  const kept = readKept(object, at, n, dropped) ?? design.kept;
  const { kept: _, ...rest } = design;
  return { ...rest, dropped, ...(kept ? { kept } : {}) };
}

/**
 * Which of the rows given are in use, from the numbers of those left out; undefined in a file that does not have them.
 */
function readKept(
  object: Readonly<Record<string, unknown>>,
  at: string,
  n: number,
  dropped: number,
): Int32Array | undefined {
  if (dropped === 0 || !Object.hasOwn(object, 'droppedRows')) return undefined;
  const place = `${at}.droppedRows`;
  const left = readList(object['droppedRows'], place, dropped).map((value, k) =>
    readWhole(value, `${place}[${k}]`, 1, n + dropped),
  );
  if (left.some((number, k) => k > 0 && number <= left[k - 1]!)) throw wrong(place, 'are not in ascending order');
  const out = new Set(left);
  const kept = new Int32Array(n);
  for (let number = 1, i = 0; i < n; number++) if (!out.has(number)) kept[i++] = number - 1;
  return kept;
}

function checkLevels(value: unknown, design: Design): void {
  const levels = readNamed(value, `${OWN}.levels`);
  for (const term of design.groupTerms) {
    const place = `${OWN}.levels.${term.factor}`;
    const stored = readList(readOwn(levels, term.factor, `${OWN}.levels`), place);
    if (stored.length !== term.J || stored.some((level, j) => level !== term.levels[j])) {
      throw wrong(place, 'are not the levels in the data');
    }
  }
}

/** The priors that graph and data give, which must be those in the file. */
function readPriors(stored: unknown, design: Design, coordinates: BlockStandardisation[][]): Priors {
  checkDepth(stored, `${OWN}.priors`, GRAPH_DEPTH);
  const priors = resolvePriors(design, coordinates);
  // As JSON holds them: without what is not defined.
  if (!sameValues(stored, JSON.parse(JSON.stringify(priorsJson(design, priors))))) {
    throw wrong(`${OWN}.priors`, 'are not those that its graph and data give in this version');
  }
  return priors;
}

function checkLikelihood(value: unknown, found: number): void {
  const place = `${OWN}.logLikelihood`;
  const expected = value === null ? null : readNumber(value, place);
  const same =
    expected === null
      ? !Number.isFinite(found)
      : Math.abs(found - expected) <= LIKELIHOOD_TOLERANCE * Math.max(1, Math.abs(expected));
  if (same) return;
  throw new ModelError(
    'fit-file-data',
    'data',
    `fit file: the log-likelihood at the first draw is ${found} on these data and ${expected} in the file; draws, model and data do not belong together`,
  );
}
