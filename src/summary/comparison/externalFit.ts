import { ModelError } from '../../errors.ts';
import type { FamilyParameter } from '../../families/family.ts';
import { familyOf } from '../../families/familyOf.ts';
import { quote } from '../../input/quote.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { fixef, ranef, varCorr } from '../estimates.ts';

/** Estimates of a model fitted elsewhere, by maximum likelihood or REML. The keys are those of the `ml` document. */
export interface ExternalFit {
  readonly kind: 'external';
  /** `REML` or `ML`, as printed. */
  readonly method: string;
  readonly fixef: readonly { readonly term: string; readonly estimate: number; readonly se: number | null }[];
  /** An sd has `term2` and `corr` null, a correlation `sd` null. */
  readonly varCorr: readonly {
    readonly factor: string;
    readonly term1: string | null;
    readonly term2: string | null;
    readonly sd: number | null;
    readonly corr: number | null;
  }[];
  readonly sigma: number | null;
  /** The shape of negative binomial counts; null where it was not given. */
  readonly shape: number | null;
  /** The precision of beta-binomial chances; null where it was not given. */
  readonly precision: number | null;
  /** The thresholds of an ordered answer, labelled `1|2`; empty where none were given. */
  readonly thresholds: readonly { readonly threshold: string; readonly estimate: number; readonly se: number | null }[];
  /** Conditional modes by grouping factor; null where they were not given. */
  readonly ranef: Readonly<
    Record<string, readonly { readonly level: string; readonly term: string; readonly mode: number }[]>
  > | null;
}

/**
 * R code that writes an lme4 fit `m` to lmer.json in the form `externalFit` reads (package jsonlite). In a shell, after
 * `m <- lmer(...)`: one expression, no loops.
 */
export const lme4Export = [
  'writeLines(jsonlite::toJSON(list(method = if (isREML(m)) "REML" else "ML",',
  '  fixef = data.frame(term = names(fixef(m)), estimate = fixef(m), se = sqrt(diag(as.matrix(vcov(m))))),',
  '  varCorr = with(as.data.frame(VarCorr(m)), data.frame(factor = grp, term1 = var1, term2 = var2,',
  '    sd = ifelse(is.na(var2), sdcor, NA), corr = ifelse(is.na(var2), NA, sdcor))), sigma = sigma(m),',
  '  ranef = with(as.data.frame(ranef(m)), split(data.frame(level = grp, term = term, mode = condval, sd = condsd), grpvar))),',
  '  auto_unbox = TRUE, digits = NA, na = "null"), "lmer.json")',
].join('\n');

/**
 * Reads estimates from outside, for `compare`: a JSON text or the parsed object
 * `{ method, fixef: [{ term, estimate, se }], varCorr: [{ factor, term1, term2, sd, corr }], sigma, shape,
 * precision, thresholds: [{ threshold, estimate, se }], ranef: { county: [{ level, term, mode }] } }`, where `sigma`
 * may be null or absent (known standard errors), an `estimate` null that has a `reason` (a column left out), `ranef`
 * and `se` may be absent, and other keys are ignored. `(Intercept)` is read as `Intercept`; a row of varCorr whose
 * factor is `Residual` is the residual sd. `lme4Export` is the R code that writes it. Throws `external-fit`, naming the
 * place.
 */
export function externalFit(json: unknown): ExternalFit {
  const given = record(typeof json === 'string' ? parse(json) : json, 'the document');
  const rows = list(given['varCorr'], 'varCorr').map((value, i) => {
    const at = `varCorr[${i}]`;
    const row = record(value, at);
    return {
      factor: text(row['factor'], `${at}.factor`),
      term1: row['term1'] == null ? null : label(text(row['term1'], `${at}.term1`)),
      term2: row['term2'] == null ? null : label(text(row['term2'], `${at}.term2`)),
      sd: optional(row['sd'], `${at}.sd`),
      corr: optional(row['corr'], `${at}.corr`),
    };
  });
  const residual = rows.find(({ factor, term1, term2 }) => factor === 'Residual' && term1 === null && term2 === null);
  return {
    kind: 'external',
    method: given['method'] == null ? 'ML' : text(given['method'], 'method'),
    fixef: list(given['fixef'], 'fixef').flatMap((value, i) => {
      const row = record(value, `fixef[${i}]`);
      const term = label(text(row['term'], `fixef[${i}].term`));
      // A coefficient that was left out has null and a reason.
      if (row['estimate'] === null && typeof row['reason'] === 'string') return [];
      const estimate = finite(row['estimate'], `fixef[${i}].estimate`);
      return [{ term, estimate, se: optional(row['se'], `fixef[${i}].se`) }];
    }),
    varCorr: rows.filter((row) => row !== residual),
    sigma: optional(given['sigma'], 'sigma') ?? residual?.sd ?? null,
    shape: optional(given['shape'], 'shape'),
    precision: optional(given['precision'], 'precision'),
    thresholds: (given['thresholds'] == null ? [] : list(given['thresholds'], 'thresholds')).map((value, i) => {
      const at = `thresholds[${i}]`;
      const row = record(value, at);
      return {
        threshold: text(row['threshold'], `${at}.threshold`),
        estimate: finite(row['estimate'], `${at}.estimate`),
        se: optional(row['se'], `${at}.se`),
      };
    }),
    ranef: given['ranef'] == null ? null : modes(record(given['ranef'], 'ranef')),
  };
}

/** The estimates of one of our own maximum likelihood fits in the same form. */
export function likelihoodDocument(fit: MaximumLikelihoodFit): ExternalFit {
  const own = (parameter: FamilyParameter): number | null =>
    familyOf(fit.design).parameter === parameter && Number.isFinite(fit.own) ? fit.own : null;
  return {
    kind: 'external',
    method: fit.method,
    fixef: fixef(fit),
    varCorr: varCorr(fit).filter(({ term1 }) => term1 !== null),
    sigma: fit.sigma,
    shape: own('shape'),
    precision: own('precision'),
    thresholds: (fit.thresholds?.labels ?? []).map((threshold, k) => ({
      threshold,
      estimate: fit.thresholds!.estimates[k]!,
      se: fit.thresholds!.standardErrors[k]!,
    })),
    ranef: ranef(fit),
  };
}

function modes(tables: Readonly<Record<string, unknown>>): NonNullable<ExternalFit['ranef']> {
  return Object.fromEntries(
    Object.entries(tables).map(([factor, table]) => [
      factor,
      list(table, `ranef.${factor}`).map((value, i) => {
        const at = `ranef.${factor}[${i}]`;
        const row = record(value, at);
        return {
          level: typeof row['level'] === 'number' ? String(row['level']) : text(row['level'], `${at}.level`),
          term: label(text(row['term'], `${at}.term`)),
          mode: finite(row['mode'], `${at}.mode`),
        };
      }),
    ]),
  );
}

/** lme4's name of the constant, in a term or an interaction, to ours. */
function label(name: string): string {
  return name === '(Intercept)' ? 'Intercept' : name;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw fail('the document', 'JSON', error instanceof Error ? error.message : String(error));
  }
}

function record(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw fail(where, 'an object', quote(value));
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw fail(where, 'a list of rows', quote(value));
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string') throw fail(where, 'a text', quote(value));
  return value;
}

function finite(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw fail(where, 'a finite number', quote(value));
  return value;
}

function optional(value: unknown, where: string): number | null {
  return value === null || value === undefined ? null : finite(value, where);
}

function fail(where: string, accepted: string, given: string): ModelError {
  return new ModelError('external-fit', where, `fit from outside: ${where} must be ${accepted}, not ${given}`);
}
