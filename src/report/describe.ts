import { columnNotes } from '../design/columnNotes.ts';
import { deficiencySentence } from '../design/deficiencySentence.ts';
import type { Design, GroupTerm } from '../design/design.ts';
import { levelObservations, observations, reducedText } from '../design/observations.ts';
import { familyOf, kindOf } from '../families/familyOf.ts';
import { unknownKind } from '../families/responseKind.ts';
import { formula } from '../formula/formula.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { type Equations, equations } from '../graph/describe.ts';
import { formulaText } from '../graph/formulaText.ts';
import type { ModelGraph } from '../graph/node.ts';
import { checkFit } from '../input/checkFit.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import type { Fit, KernelNote } from '../mcmc/fit.ts';
import type { Plan } from '../mcmc/plan.ts';
import type { Priors } from '../priors/priors.ts';
import { responseSpread } from '../priors/responseSpread.ts';
import { familyRows } from '../products/familyRows.ts';
import { stepSentences } from '../summary/checks/stepSentences.ts';
import { designColumns } from './designColumns.ts';
import { graphPriorRows, type PriorRow, priorRows } from './priorRows.ts';
import { table } from './table.ts';

/**
 * A model, or that of a formula's text, in plain words: its formula, the multilevel form (one regression per level) and
 * the composite form (everything in one line). Of a plan or a fit also the sizes of the data, the priors in force with
 * the defaults as the data resolved them, and which kernel updates what and why; of a maximum likelihood fit which
 * criterion was maximised, and how the search ended.
 */
export function describe(model: ModelGraph | Plan | Fit | MaximumLikelihoodFit | string): string {
  if (typeof model === 'string') return describe(formula(model));
  if (typeof model !== 'object' || model === null || !('design' in model)) {
    checkGraph(model);
    return [
      formulaLines(model),
      formLines(equations(model)),
      section('Priors', [priorTable(graphPriorRows(model))]),
    ].join('\n\n');
  }
  if ('kind' in model) checkFit('describe', model);
  const { graph, design } = model;
  const start = [
    formulaLines(graph),
    formLines(equations(graph, designColumns(design))),
    section('Data', dataLines(design)),
  ];
  const notes = design.groupTerms.flatMap(coefNote);
  if (isLikelihoodFit(model)) return [...start, section('Estimation', estimationLines(model)), ...notes].join('\n\n');
  const { priors } = model;
  const fit = 'sampling' in model ? model : undefined;
  const rule = 'sampling' in model ? model.sampling.rule : model.rule;
  const kernels: readonly KernelNote[] = 'sampling' in model ? model.sampling.kernels : model.kernels;
  const parts = [
    ...start,
    section('Priors', priorLines(design, priors)),
    section(`Kernels (${rule === 'auto' ? 'chosen for the model' : `asked for: ${rule}`})`, kernelLines(kernels)),
    ...notes,
  ];
  if (fit) {
    const { chains, warmup, iterations, seed } = fit.sampling;
    const size = `${chains} ${chains === 1 ? 'chain' : 'chains'}, each ${warmup} warm-up and ${iterations} recorded iterations, seed ${seed}`;
    parts.push(section('Sampling', [size, ...stepSentences(fit)]));
  }
  return parts.join('\n\n');
}

function isLikelihoodFit(model: Plan | Fit | MaximumLikelihoodFit): model is MaximumLikelihoodFit {
  return 'kind' in model && model.kind === 'maximumLikelihood';
}

const CRITERIA: Readonly<Record<LikelihoodMethod, string>> = {
  REML: 'REML: the likelihood of what the rows say beside the coefficients',
  ML: 'ML: the likelihood of the rows',
  laplace: "the likelihood of the rows by Laplace's approximation",
  agq: 'the likelihood of the rows by adaptive Gauss-Hermite quadrature',
};

function estimationLines(fit: MaximumLikelihoodFit): string[] {
  const { method, points, convergence, optima, df, boundary, messages } = fit;
  const { evaluations, converged, message } = convergence;
  const minima = optima === 1 ? '' : `, the lowest of ${optima} minima`;
  return [
    `${CRITERIA[method]}${points === undefined ? '' : `, ${points} points a group`}; no priors; df = ${df} parameters`,
    converged
      ? `deviance ${Number(fit.deviance.toPrecision(10))} after ${evaluations} evaluations${minima}; a Newton step from there promises ${convergence.expectedDecrease.toExponential(1)} less`
      : message,
    ...boundary,
    ...messages.filter((each) => each !== message),
  ];
}

function section(title: string, lines: readonly string[]): string {
  return [title, ...lines.flatMap((text) => text.split('\n')).map((line) => `  ${line}`)].join('\n');
}

function formulaLines(graph: ModelGraph): string {
  const { formula, level2, residual, sigma } = formulaText(graph);
  const regressions = level2.map(({ factor, term, formula: text }) => {
    return `level 2 of ${factor}${term === undefined ? '' : `, ${term}`}: ${text}`;
  });
  const residuals = [...(residual ? [`residual: ${residual}`] : []), ...(sigma ? [`sigma: ${sigma}`] : [])];
  return [formula, ...regressions, ...residuals].join('\n');
}

function formLines({ multilevel, composite }: Equations): string {
  return `${section('Multilevel form', multilevel)}\n\n${section('Composite form', [composite])}`;
}

function dataLines(design: Design): string[] {
  const { p, dropped, groupTerms, deficiency } = design;
  const left = dropped > 0 ? `, ${dropped} with missing values left out` : '';
  return [
    `n = ${observations(design)} rows${reducedText(design)}${left}; p = ${p} population-level ${p === 1 ? 'column' : 'columns'}`,
    ...(deficiency ? [deficiencySentence(deficiency)] : []),
    responseLine(design),
    ...groupTerms.map((term) => groupLine(design, term)),
    ...columnNotes(design).map((note) => `note: ${note}`),
  ];
}

/**
 * Family and link; of successes which value is one, how many trials there are, and how many of them succeed; of counts
 * how many events.
 */
function responseLine(design: Design): string {
  const { label, successLevel, failureLevel, trials, exposure, weights, levels, nu } = design.response;
  const { family, y, size, copies } = familyRows(design);
  const start = `${label}: ${family.words.title}, ${family.link} link`;
  const each = weights === null ? '' : ', a row counted as often as its weight';
  const sum = y.reduce((total, value, i) => total + value * copies[i]!, 0);
  switch (family.kind) {
    case 'numbers': {
      if (family.parameter !== 'nu') return start;
      const degrees = nu === undefined ? 'nu degrees of freedom' : `${nu} degrees of freedom, known`;
      const scale = nu !== undefined && nu > 2 ? `${short(Math.sqrt(nu / (nu - 2)))} sigma` : 'infinite';
      const sd = nu === undefined ? 'sigma sqrt(nu / (nu - 2))' : scale;
      return `${start}, ${degrees}; sigma is the scale, and the sd is ${sd}`;
    }
    case 'successes': {
      const total = size.reduce((all, value, i) => all + value * copies[i]!, 0);
      const which = successLevel === null ? '' : `; success is ${successLevel}, failure ${failureLevel}`;
      const count = trials === null ? 'one trial a row' : `${spread(trials)} trials a row`;
      return `${start}${which}; ${count}${each}; ${sum} of ${total} are successes`;
    }
    case 'counts':
      return `${start}; ${spread(y)} a row${exposure ? `, in exposures of ${spread(exposure)}` : ''}${each}; ${sum} in all`;
    case 'ordered':
      return `${start}; levels ${levels?.join(' < ')}${each}`;
    default:
      return unknownKind(family.kind);
  }
}

/** Four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function spread(values: Float64Array): string {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  return least === most ? `${least}` : `${least} to ${most}`;
}

function groupLine(design: Design, term: GroupTerm): string {
  const { factor, J, q, labels, level2 } = term;
  const filled = Array.from(levelObservations(design, term)).filter((count) => count > 0);
  const [least, most] = [filled.reduce((a, b) => Math.min(a, b)), filled.reduce((a, b) => Math.max(a, b))];
  const sizes = least === most ? `${least}` : `${least} to ${most}`;
  const empty = J === filled.length ? '' : ` (${J - filled.length} without rows)`;
  return [
    `${factor}: J = ${J} groups${empty} of ${sizes} ${most === 1 ? 'row' : 'rows'}`,
    `q = ${q} varying (${labels.join(', ')})`,
    `m = ${level2.m} level-2 (${level2.labels.join(', ')})`,
  ].join('; ');
}

function priorLines(design: Design, priors: Priors): string[] {
  const rows = priorRows(design, priors);
  const scaled = rows.some(({ quantity, from }) => from === 'default' && /^(tau_|sigma$)/u.test(quantity));
  const slopes = design.groupTerms.some(({ parts }) => parts.some((own) => own.length > 0));
  const { label } = design.response;
  const { sigma } = familyOf(design);
  const s = Number(responseSpread(design).toPrecision(4));
  const spreadOf = sigma === 'scale' ? '1.483 times the median absolute deviation' : 'the sd';
  const scale = sigma !== null ? `s = ${s} ${spreadOf} of ${label}` : `s = 1 on the scale of the linear predictor`;
  return [
    priorTable(rows),
    ...(scaled
      ? [
          `default sds: half_t(3, 2.5 s), ${scale}${slopes ? '; of a varying slope, over twice the sd of its column' : ''}`,
        ]
      : []),
    ...(priors.beta.source[0] === 'default' &&
    design.columns[0]?.term === '1' &&
    sigma === null &&
    (design.p > 1 || design.response.offset || design.response.exposure)
      ? [
          `the intercept has its prior at the centre of the columns: where each${shiftWords(design)} is at its mean over the ${kindOf(design) === 'successes' ? 'trials' : 'rows'}`,
        ]
      : []),
  ];
}

/** What the intercept's prior is moved by, beside the columns. */
function shiftWords({ response: { offset, exposure } }: Design): string {
  if (offset && exposure) return ', and the offset and the log of the exposure,';
  if (exposure) return ', and the log of the exposure,';
  return offset ? ', and the offset,' : '';
}

function priorTable(rows: readonly PriorRow[]): string {
  return table([
    { title: 'quantity', align: 'left', cells: rows.map(({ quantity }) => quantity) },
    { title: 'prior', align: 'left', cells: rows.map(({ prior }) => prior) },
    { title: 'from', align: 'left', cells: rows.map(({ from }) => from) },
  ]);
}

function kernelLines(kernels: readonly KernelNote[]): string[] {
  return kernels.flatMap(({ name, updates, why, departure }) => [
    `${name} updates ${updates.join(', ')}`,
    `  ${why}`,
    ...(departure === undefined ? [] : [`  ${departure}`]),
  ]);
}

/** Where lme4's coef() and ours differ: factors with level-2 predictors. */
function coefNote({ factor, level2 }: GroupTerm): string[] {
  const predictors = level2.labels.slice(1);
  if (predictors.length === 0) return [];
  return [
    `Note: coef() of ${factor} is b_j = gamma w_j + u_j; lme4's coef() leaves the level-2 part (${predictors.join(', ')}) out of its intercepts and slopes.`,
  ];
}
