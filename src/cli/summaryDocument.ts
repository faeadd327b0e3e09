import type { CheckResult } from '../../diagnostics/check.ts';
import type { SummaryRow } from '../../diagnostics/summarizeDraws.ts';
import { columnNotes } from '../design/columnNotes.ts';
import { deficiencySentence } from '../design/deficiencySentence.ts';
import { leftOut } from '../design/leftOut.ts';
import { rowsText } from '../design/observations.ts';
import type { Fit } from '../mcmc/fit.ts';
import { checkText, summaryText } from '../report/text.ts';
import { check, type FitCheckResult } from '../summary/checks/check.ts';
import { isDeviation } from '../summary/isDeviation.ts';
import { summarize } from '../summary/summarize.ts';
import { rankDeficiency } from './designNotes.ts';
import { type Io, STATUS, type Status } from './io.ts';
import { colouredVerdict, fitted } from './terminal.ts';

/** The row of a coefficient whose column was left out: every measure null, with the reason. */
type LeftOutSummary = { readonly [K in Exclude<keyof SummaryRow, 'variable'>]: null } & {
  readonly variable: string;
  readonly reason: string;
};

/** What `fit --json` and `summary --json` print. */
export interface SummaryDocument {
  readonly summary: readonly ((SummaryRow & { readonly reason?: string }) | LeftOutSummary)[];
  readonly check: FitCheckResult;
  readonly sampling: object;
  /** What is to be said of the model, a sentence each (see `columnNotes`). */
  readonly notes: readonly string[];
}

/** Summary (of the named variables, else of all), verdict and sampling of a fit. */
export function summaryDocument(fit: Fit, variables?: readonly string[]): SummaryDocument {
  const verdict = check(fit);
  const { chains, warmup, iterations, seed, warmupSeconds, samplingSeconds, kernels } = fit.sampling;
  return {
    summary: withLeftOut(fit, withReasons(fit, summarize(fit, variables ? { variables } : {}), verdict), variables),
    ...rankDeficiency(fit.design),
    check: verdict,
    sampling: { chains, warmup, iterations, seed, warmupSeconds, samplingSeconds, kernels },
    notes: columnNotes(fit.design),
  };
}

/** The rows with those of coefficients that were left out in their places, where beta is among the variables. */
function withLeftOut(
  fit: Fit,
  rows: SummaryDocument['summary'],
  variables: readonly string[] | undefined,
): SummaryDocument['summary'] {
  const start = rows.findIndex(({ variable }) => variable.startsWith('beta['));
  if (variables && !variables.includes('beta')) return rows;
  const all = [...rows];
  for (const { column, label, reason } of leftOut(fit.design)) {
    const none = { mean: null, sd: null, q5: null, q50: null, q95: null } as const;
    const measures = { mcseMean: null, rhat: null, essBulk: null, essTail: null } as const;
    all.splice(start + column, 0, { variable: `beta[${label}]`, ...none, ...measures, reason });
  }
  return all;
}

const SUMMARY = 'a running summary is kept in place of the draws, which Monte Carlo errors and sample sizes need';

/** Rows whose measures are not all defined say why: null in JSON needs its reason. */
function withReasons(
  { design, quantiles = {} }: Fit,
  rows: readonly SummaryRow[],
  verdict: CheckResult,
): readonly (SummaryRow & { readonly reason?: string })[] {
  const kept = design.groupTerms.flatMap(({ factor }) =>
    Object.hasOwn(quantiles, `u_${factor}`) ? [`u_${factor}[`, `b_${factor}[`] : [],
  );
  return rows.map((row) => {
    const gap = Object.values(row).some((value) => typeof value === 'number' && !Number.isFinite(value));
    if (!gap) return row;
    const finding = verdict.findings.find(({ variable }) => variable === row.variable);
    if (kept.some((start) => row.variable.startsWith(start))) return { ...row, reason: SUMMARY };
    return { ...row, reason: finding?.message ?? 'a measure is not defined for draws that do not vary' };
  });
}

function drawsText({ draws, sampling: { chains, iterations, thin = 1 } }: Fit): string {
  const length = thin > 1 ? `${draws.iterations} draws, each ${thin}th of ${iterations},` : `${iterations} draws`;
  return `${chains} ${chains === 1 ? 'chain' : 'chains'} of ${length}`;
}

/** Prints the document for people; the deviations of single groups only when `all`. */
export function printSummary(fit: Fit, document: SummaryDocument, io: Io, all = false): void {
  const { warmup, seed, kernels } = fit.sampling;
  const names = document.summary.map(({ variable }) => variable.slice(0, variable.indexOf('[')));
  const hidden = new Set(all ? [] : names.filter((name) => isDeviation(fit.design, name)));
  const rows = document.summary.filter((_, i) => !hidden.has(names[i]!));
  const left = document.summary.length - rows.length;
  const groups = fit.design.groupTerms.map(({ factor, J }) => `, ${J} levels of ${factor}`).join('');
  const { terminal } = io;
  const before = [
    `${rowsText(fit.design)}${groups}; ${drawsText(fit)} after ${warmup} of warm-up, seed ${seed}`,
    `kernels: ${kernels.map(({ name, updates }) => `${name} (${updates.join(', ')})`).join(', ')}`,
    ...(fit.design.deficiency ? [deficiencySentence(fit.design.deficiency)] : []),
    '',
  ];
  const after = [
    ...(left > 0 ? [`and ${left} group-level deviations: summary --variables ${[...hidden].join(',')}`] : []),
    '',
  ];
  const notes = document.notes.map((note) => `note: ${note}`);
  const table = summaryText(rows, terminal ? { width: terminal.columns } : {});
  const lines = [
    ...fitted(before, terminal),
    ...fitted([table], terminal),
    ...fitted(after, terminal),
    ...colouredVerdict(checkText(document.check), document.check.ok, terminal),
    ...fitted(notes, terminal),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** The exit status of a verdict. */
export function trust(verdict: CheckResult): Status {
  return verdict.ok ? STATUS.done : STATUS.untrusted;
}
