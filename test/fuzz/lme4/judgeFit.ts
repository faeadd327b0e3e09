import type { ProductEstimates, ProductFit, ProductGroup } from './productFit.ts';
import type { RandomCase } from './randomCase.ts';

/** lme4's answer to a case (lme4.R): numbers may come as 'NA' or 'NaN'. */
export interface ReferenceFit {
  readonly id: string;
  readonly ok: boolean;
  readonly error?: string;
  /** Columns that lme4 dropped, for they depend on others. */
  readonly dropped?: string;
  readonly default?: Loose;
  readonly best?: Loose;
  readonly bestFrom?: string;
  readonly thetaBest?: string;
  /** The largest sd there, in residual sds. */
  readonly thetaMost?: Loose;
  /**
   * lme4's criterion at the product's parameters, and the same by a referee with more digits (QR; dense Newton
   * steps).
   */
  readonly atProduct?: Loose;
  readonly exact?: Loose;
  readonly singularAt?: boolean;
  readonly flat?: Loose;
  /** The same with the sds held that the product calls no measure of anything; 'NA' where nothing is left. */
  readonly flatElse?: Loose;
  /** How many combinations of the covariances and sigma^2 the design leaves unknown; 'NA' where it was not counted. */
  readonly dependent?: Loose;
  /**
   * Of a model that the product refuses as without bound: what the criterion gains on the way to sds of infinity, over
   * a factor of 4, and the lowest that was met there.
   */
  readonly ahead?: Loose;
  readonly far?: Loose;
  /** By how much the criterion changes as the sds that the product withholds go from 0 to sigma. */
  readonly withheld?: Loose;
  readonly df?: Loose;
  readonly betaNames?: readonly string[];
  readonly betaAt?: readonly Loose[];
  readonly seAt?: readonly Loose[];
  readonly sigmaAt?: Loose;
  readonly ranef?: readonly {
    readonly factor: string;
    readonly labels: readonly string[];
    readonly levels: readonly string[];
    readonly modes: readonly Loose[];
    readonly condsd: readonly Loose[];
    readonly tau: readonly Loose[];
  }[];
  readonly tmb?: Loose;
  readonly nlme?: Loose;
  /** `flat` at the referee's optimum, of a model that the product refuses as not identified. */
  readonly flatBest?: Loose;
  readonly messages?: string;
}
type Loose = number | string | null | undefined;

export type CaseOutcome =
  | 'agree'
  | 'ours better'
  | 'not identified'
  | 'not converged'
  | 'refused'
  | 'both refuse'
  | 'only ours'
  | 'no answer'
  | 'FAULT';

export interface CaseJudgement {
  readonly outcome: CaseOutcome;
  /** What is wrong, or what was said. */
  readonly faults: readonly { readonly what: string; readonly detail: string }[];
  /** Why standard errors were not compared, where they were not; a fit that agrees has everything else compared. */
  readonly uncompared?: string;
}

/**
 * A fit against lme4's. Everything but the optimum itself is compared at the product's own theta, where lme4 is asked
 * for its criterion, coefficients, standard errors, modes: so neither's last steps count. Limits are of rounding: 1e-5
 * on the deviance (a hundred-millionth of it where it is large, and what the last bits of the response leave), 1e-3
 * standard errors of a coefficient, parts in 1e-3 to 1e-6 of sds. lme4's own sums have fewer digits at large sds and
 * large means, and its PIRLS ends early: there the referees of referees.R count. Standard errors of binary models are
 * compared with differences of the referee's criterion, not of lme4's, which moves by what its PIRLS leaves out.
 */
export function judgeFit(one: RandomCase, p: ProductFit, r: ReferenceFit | undefined): CaseJudgement {
  if (!p.ok && p.code === 'CRASH') return fault('crash', p.error);
  if (!r) return { outcome: 'no answer', faults: [] };
  if (!p.ok) {
    const said = [
      {
        what: p.code,
        detail: `${p.error} | lme4: ${r.ok ? `${r.best}${r.dropped ? `, dropped ${r.dropped}` : ''}` : r.error}`,
      },
    ];
    if (r.ok && isFalseRefusal(r)) {
      const detail = `lme4 ${r.best} at ${r.thetaBest}; far away ${r.far}, gaining ${r.ahead} | ${p.error}`;
      return fault('false refusal', detail);
    }
    if (r.ok && p.code === 'not-identified' && number(r.flatBest) > FLAT) {
      return fault('false refusal', `curvature ${r.flatBest} at ${r.thetaBest} | ${p.error}`);
    }
    return { outcome: r.ok ? 'refused' : 'both refuse', faults: said };
  }
  if (!r.ok) return { outcome: 'only ours', faults: [{ what: 'lme4', detail: r.error ?? '' }] };
  const gaussian = one.family === 'gaussian';
  const exact = number(r.exact);
  const rounding = (gaussian || Number.isFinite(exact) ? 1e-5 : PIRLS) * Math.max(1, Math.abs(p.deviance) * 1e-3);
  const limit = rounding + (gaussian ? responseRounding(one, p.sigma) : 0);
  const at = Number.isFinite(exact) ? exact : number(r.atProduct);
  // What lme4's PIRLS leaves out, where nothing else is known.
  const noise = gaussian || Number.isFinite(exact) ? 0 : Math.abs(number(r.atProduct) - p.deviance) || 0;
  const best = number(r.best);
  const flat = number(r.flat);
  const faults: { what: string; detail: string }[] = [];
  // A criterion that has lost its digits is one fault, to stop short of the optimum another.
  const here = Number.isFinite(at) ? at : p.deviance;
  if (best < here - limit - noise) {
    const detail = `ours ${p.deviance}, lme4 ${best} (from ${r.bestFrom}: ${r.thetaBest}), ours at ${p.theta.map((v) => v.toPrecision(5))}`;
    // Where sds rise without end beside sigma there is no optimum to find: that is to be said.
    const kind = number(r.thetaMost) > ENDLESS ? 'no optimum, not said' : 'worse optimum';
    faults.push({ what: p.converged ? kind : `${kind}, said not to be one`, detail });
  }
  if (Number.isFinite(at) && Math.abs(at - p.deviance) > limit) {
    faults.push({ what: 'criterion', detail: `ours ${p.deviance}, lme4 there ${at}` });
  }
  if (number(r.df) !== p.df + p.flat && !r.dropped)
    faults.push({ what: 'df', detail: `ours ${p.df} and ${p.flat} not known, lme4 ${r.df}` });
  if (!p.converged) {
    const serious = faults.filter(({ what }) => what === 'criterion');
    if (serious.length > 0) return { outcome: 'FAULT', faults: serious };
    const what = flat < FLAT ? 'flat by lme4 too' : 'not converged';
    return {
      outcome: flat < FLAT ? 'not identified' : 'not converged',
      faults: [{ what, detail: p.message }, ...faults],
    };
  }
  const unknown = number(r.dependent) >= p.flat;
  if (p.flat > 0 && ((flat > FLAT && !unknown) || Math.abs(number(r.withheld)) > limit)) {
    const detail = `curvature ${flat}, change ${r.withheld} at ${p.theta.map((v) => v.toPrecision(5))}`;
    faults.push({ what: 'said to be flat', detail });
  }
  // Of answers that are not numbers sds of 20 and more are said to be no measure of anything; what else is flat is not.
  const far = p.message.includes('on the link scale') && !(number(r.flatElse) < FLAT);
  if (p.flat === 0 && flat < FLAT && !far)
    faults.push({ what: 'flat, not said', detail: `curvature ${flat} at ${p.theta.map((v) => v.toPrecision(5))}` });
  if (!faults.some(({ what }) => what === 'criterion')) faults.push(...estimateFaults(one, p, r));
  const tmb = number(r.tmb);
  if (tmb < p.deviance - 1e-4) faults.push({ what: 'glmmTMB is lower', detail: `ours ${p.deviance}, glmmTMB ${tmb}` });
  const nlme = number(r.nlme);
  if (nlme < p.deviance - limit) faults.push({ what: 'nlme is lower', detail: `ours ${p.deviance}, nlme ${nlme}` });
  if (faults.length > 0) return { outcome: 'FAULT', faults };
  if (p.flat > 0 || (far && flat < FLAT)) {
    return { outcome: 'not identified', faults: [{ what: 'said', detail: p.message }] };
  }
  const outcome = number(r.default) > p.deviance + 1e-4 + noise ? 'ours better' : 'agree';
  if (gaussian || !(r.singularAt || r.seAt?.every((se) => Number.isNaN(number(se))))) return { outcome, faults };
  return { outcome, faults, uncompared: r.singularAt ? 'on the boundary' : 'differences have no digits there' };
}

/**
 * Whether a model that is refused as without bound has an optimum all the same: nowhere far away does the criterion go
 * on falling, nor lie as low as lme4's optimum, which is not far away itself.
 */
function isFalseRefusal({ ahead, far, best, thetaMost }: ReferenceFit): boolean {
  if (!Number.isFinite(number(ahead)) || !Number.isFinite(number(best))) return false;
  return number(ahead) < 1 && number(far) > number(best) + 1e-5 && number(thetaMost) < FAR;
}

/** Sds in units of sigma beyond which lme4's own optimum is on the way to infinity. */
const FAR = 1e3;

/** What lme4's PIRLS leaves of a deviance where there is no referee. */
const PIRLS = 1e-4;
/** Sds in units of sigma above which lme4's search is taken to run away. */
const ENDLESS = 1e4;
/**
 * What the last bit of every response moves the deviance by: 2 sum |residual| / sigma^2 times half a unit of it, at
 * most about 4 sqrt(n) eps max |y| / sigma.
 */
function responseRounding({ columns, errors, n }: RandomCase, sigma: number | null): number {
  const largest = (columns['y'] as number[]).reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  const scale = errors ? Math.min(...(columns[errors] as number[])) : sigma!;
  return (4 * Math.sqrt(n) * Number.EPSILON * largest) / scale;
}

/** Curvature below which the criterion cannot tell where theta is; see `flatness` in referees.R. */
const FLAT = 1e-4;

function fault(what: string, detail: string): CaseJudgement {
  return { outcome: 'FAULT', faults: [{ what, detail }] };
}

function number(value: Loose): number {
  return value === null || value === undefined || value === 'NA' ? Number.NaN : Number(value);
}

/** Coefficients, sds, modes at the product's theta. */
function estimateFaults(one: RandomCase, p: ProductEstimates, r: ReferenceFit) {
  const faults: { what: string; detail: string }[] = [];
  const gaussian = one.family === 'gaussian';
  const compare = (
    what: string,
    ours: readonly (number | null)[],
    theirs: readonly Loose[],
    share: number,
    scale: (i: number) => number,
  ): void => {
    for (const [i, value] of ours.entries()) {
      const other = number(theirs[i]);
      if (value === null || (Number.isNaN(value) && Number.isNaN(other))) continue;
      if (Number.isNaN(other) && !gaussian) continue;
      if (!(Math.abs(value - other) <= share * scale(i))) {
        faults.push({ what, detail: `[${i}] ours ${value}, lme4 ${other}` });
        return;
      }
    }
  };
  if (r.betaAt && r.betaNames && !r.dropped) {
    const order = p.labels.map((label) => r.betaNames!.indexOf(coefficientName(label)));
    if (order.includes(-1) || order.length !== r.betaNames.length) {
      faults.push({ what: 'labels of coefficients', detail: `${p.labels} | ${r.betaNames}` });
    } else {
      const beta = order.map((k) => r.betaAt![k]);
      const se = order.map((k) => r.seAt?.[k]);
      compare(
        'coefficients',
        p.beta,
        beta,
        1e-3,
        (i) => Math.max(number(se[i]) || 0, 1e-9 * Math.abs(number(beta[i]))) || Infinity,
      );
      // On the boundary the second derivatives of a binary model's deviance are one-sided and have no one inverse.
      if (gaussian || !r.singularAt)
        compare('standard errors', p.se, se, gaussian ? 1e-4 : 2e-3, (i) => Math.abs(number(se[i])));
    }
  }
  if (p.sigma !== null && r.sigmaAt !== undefined) compare('sigma', [p.sigma], [r.sigmaAt], 1e-5, () => p.sigma!);
  // A factor with a sd that nothing is known of has no estimates to compare; lme4 has them at 0, on the boundary.
  const told = p.groups.filter(({ tau }) => !tau.some(Number.isNaN));
  for (const group of told) compareGroup(group, r, compare, faults);
  if (told.length === p.groups.length && r.singularAt !== undefined && r.singularAt !== p.boundary.length > 0) {
    faults.push({
      what: 'boundary',
      detail: `ours ${p.boundary.length > 0}, an sd below 1e-4 of sigma: ${r.singularAt}; theta ${p.theta}`,
    });
  }
  return faults;
}

function compareGroup(
  group: ProductGroup,
  r: ReferenceFit,
  compare: (
    what: string,
    ours: readonly number[],
    theirs: readonly Loose[],
    share: number,
    scale: (i: number) => number,
  ) => void,
  faults: { what: string; detail: string }[],
): void {
  const theirs = r.ranef?.find(({ factor }) => factor === turned(group.factor));
  if (!theirs) {
    if (r.ranef) faults.push({ what: 'factor', detail: group.factor });
    return;
  }
  const q = group.labels.length;
  const columns = group.labels.map((label) => theirs.labels.indexOf(coefficientName(label)));
  if (columns.includes(-1)) {
    faults.push({ what: 'labels of varying columns', detail: `${group.labels} | ${theirs.labels}` });
    return;
  }
  const at = (list: readonly Loose[]): Loose[] =>
    group.levels.flatMap((level) => {
      const row = theirs.levels.indexOf(turned(level));
      return columns.map((k) => (row < 0 ? Number.NaN : list[row * q + k]));
    });
  const sds = at(theirs.condsd);
  const largest = group.modes.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tau = (i: number) => Math.abs(group.tau[i % q]!);
  compare('modes', group.modes, at(theirs.modes), 1e-3, (i) =>
    Math.max(Math.abs(number(sds[i])) || 0, 1e-3 * tau(i), 1e-6 * largest),
  );
  compare('conditional sds', group.condsd, sds, 1e-3, (i) =>
    Math.max(Math.abs(number(sds[i])) || 0, 1e-4 * tau(i), 1e-12),
  );
  compare(
    'tau',
    group.tau,
    columns.map((k) => theirs.tau[k]),
    1e-6,
    (i) => Math.max(tau(i), 1e-12),
  );
}

/** a:b is b:a in lme4. */
function turned(name: string): string {
  return String(name).split(':').reverse().join(':');
}

function coefficientName(label: string): string {
  return label
    .split(':')
    .map((part) =>
      part === 'Intercept' ? '(Intercept)' : part.replace(/^within\(.*\)$/, 'xw').replace(/^between\(.*\)$/, 'xb'),
    )
    .join(':');
}
