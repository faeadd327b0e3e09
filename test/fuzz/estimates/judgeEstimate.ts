import { ModelError } from '../../../src/errors.ts';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { logNormalCdf } from '../../oracle/groupIntegral.ts';
import { type ProfileRow, scalarProfile } from '../../oracle/scalarProfile.ts';
import { separatingDirection } from '../../oracle/separatingDirection.ts';
import type { RandomEstimate } from './randomEstimate.ts';

/** The oracle: columns separate; the likelihood rises to an sd of infinity; it has a maximum; it cannot tell. */
export type Truth = 'separated' | 'no optimum' | 'estimate' | 'undecided';

export interface EstimateJudgement {
  readonly truth: Truth;
  readonly about: string;
  /** By method: the code of the refusal, or 'estimate', 'not converged'. */
  readonly answers: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

const POINTS = 25;

export function judgeEstimate(one: RandomEstimate): EstimateJudgement {
  const direction = separatingDirection(...constraints(one));
  const profile = direction ? [] : profileOf(one);
  const truth = direction ? 'separated' : truthOf(profile);
  const answers: Record<string, string> = {};
  const faults: string[] = [];
  for (const method of ['laplace', 'agq'] as const) {
    const { answer, detail } = answerOf(one, method);
    answers[method] = answer;
    if (answer === 'CRASH') faults.push(`${method}: ${detail}`);
    else if (truth === 'separated' && answer === 'estimate')
      faults.push(`${method}: an estimate where columns separate: ${detail}`);
    else if (truth !== 'separated' && answer === 'separated') faults.push(`${method}: called separated: ${detail}`);
    else if (truth === 'estimate' && answer === 'no-optimum')
      faults.push(`${method}: a refusal where there is an optimum: ${detail}`);
    else if (truth === 'no optimum' && answer === 'estimate')
      faults.push(`${method}: an estimate where there is none: ${detail}`);
    else if (truth === 'estimate' && answer === 'not converged') faults.push(`${method}: not converged: ${detail}`);
  }
  const about = direction
    ? `direction ${direction.join(' ')}`
    : profile.map(({ tau, deviance }) => `${tau}: ${deviance.toFixed(3)}`).join('  ');
  return { truth, about, answers, faults };
}

function answerOf(one: RandomEstimate, method: 'laplace' | 'agq'): { answer: string; detail: string } {
  try {
    const graph = formula(one.formula, { family: one.family });
    const options = method === 'agq' ? { method, points: POINTS } : { method };
    const fit = maximumLikelihood(graph, { rows: one.columns }, options);
    const tau = fit.groups[0]!.tau[0]!;
    const said = [fit.convergence.message, ...fit.messages].filter(Boolean).join('; ');
    const detail = `tau ${tau.toPrecision(4)}, deviance ${fit.deviance.toFixed(3)} ${said}`;
    return { answer: fit.convergence.converged ? (said ? 'estimate, said' : 'estimate') : 'not converged', detail };
  } catch (error) {
    if (error instanceof ModelError) return { answer: error.code, detail: error.message };
    return { answer: 'CRASH', detail: String(error) };
  }
}

/** Rows along which the likelihood rises, and rows that bear no movement, of thresholds and beta. */
function constraints({ rows, family, levels }: RandomEstimate): [number[][], number[][]] {
  const rising: number[][] = [];
  const held: number[][] = [];
  for (const { x, y, m } of rows) {
    if (levels > 0) {
      const less = (k: number, sign: number) => [
        ...Array.from({ length: levels - 1 }, (_, l) => (l === k ? -sign : 0)),
        ...x.map((value) => sign * value),
      ];
      if (y > 0) rising.push(less(y - 1, 1));
      if (y < levels - 1) rising.push(less(y, -1));
    } else if (y === 0) rising.push(x.map((value) => -value));
    else if (family !== 'poisson' && y === m) rising.push([...x]);
    else held.push([...x]);
  }
  return [rising, held];
}

const TAUS = [0.01, 0.3, 1, 2, 4, 8, 16, 32, 64, 128, 256];

function profileOf({ rows, family, levels }: RandomEstimate) {
  const alike = new Map<string, { readonly row: (typeof rows)[number]; count: number }>();
  for (const row of rows) {
    const { x, z, group, y, m } = row;
    const key = JSON.stringify([x, z, group, y, m]);
    const found = alike.get(key);
    if (found) found.count += 1;
    else alike.set(key, { row, count: 1 });
  }
  const list = [...alike.values()].map(
    ({ row: { x, z, group, y, m }, count }): ProfileRow => ({
      x,
      z,
      group,
      count,
      log(eta, parameters) {
        switch (family) {
          case 'poisson':
            return y * eta - Math.exp(eta);
          case 'bernoulliProbit':
            return logNormalCdf(y === 1 ? eta : -eta);
          case 'binomialLogit':
            return y * logistic(eta) + (m - y) * logistic(-eta);
          case 'ordinal': {
            const [first, gap] = [parameters[0]!, Math.exp(parameters[1]!)];
            if (y === 0) return logistic(first - eta);
            if (y === 2) return logistic(eta - first - gap);
            return logistic(eta - first) + logistic(first + gap - eta) + Math.log(-Math.expm1(-gap));
          }
        }
      },
      bends: (parameters) =>
        family === 'ordinal'
          ? [parameters[0]!, parameters[0]! + Math.exp(parameters[1]!)]
          : family === 'poisson'
            ? [0, Math.log(Math.max(y, 1))]
            : [0],
    }),
  );
  const width = (levels > 0 ? levels - 1 : 0) + rows[0]!.x.length;
  return scalarProfile(list, new Array<number>(width).fill(0), TAUS);
}

/** By the profile: still falling at an sd of 256, or with a minimum below what is there. */
function truthOf(profile: ReturnType<typeof profileOf>): Truth {
  const heights = profile.map(({ deviance }) => deviance);
  const end = heights.at(-1)!;
  const least = Math.min(...heights.slice(0, -2));
  if (least < end - 0.02) return 'estimate';
  if (end <= Math.min(...heights) + 1e-5 && heights.at(-3)! > end + 1e-7) return 'no optimum';
  return 'undecided';
}

function logistic(x: number): number {
  return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}
