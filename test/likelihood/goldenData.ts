import { readFileSync } from 'node:fs';
import type { Frame, ModelData } from '../../src/data/frame.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const frames = new Map<string, Frame>();

/** A data set of test/fixtures/data. */
export function data(name: string): ModelData {
  let rows = frames.get(name);
  if (rows === undefined) {
    rows = fixtureFrame(name);
    frames.set(name, rows);
  }
  return { rows };
}

/** A file of golden numbers of test/fixtures/likelihood, made by lmer.R there. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/likelihood/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** A fit of lme4; a scalar stands for an array of one. */
export interface LmerFit {
  readonly formula: string;
  readonly n: number;
  readonly names: readonly string[];
  readonly est: readonly number[];
  readonly vcov: readonly (readonly number[])[];
  readonly varcomp: readonly { grp: string; var1: string | null; var2: string | null; sdcor: number }[];
  readonly sigma: number;
  readonly theta: readonly number[];
  readonly thetaNames: readonly string[];
  readonly logLik: number;
  readonly df: number;
  readonly aic: number;
  readonly bic: number;
  readonly singular: boolean;
  readonly ranef: Readonly<
    Record<string, { groups: readonly string[]; terms: readonly string[]; mode: number[][]; sd: number[][] }>
  >;
  readonly fitted: readonly number[];
  readonly residuals: readonly number[];
}

/**
 * lme4's formula in our words: the columns of hsb that the script makes are terms here, and sector has another
 * reference level.
 */
export function ourFormula(name: string, text: string): string {
  if (!name.startsWith('hsb')) return text;
  return text
    .replace(/\bcvar\b/g, 'between(ses, school)')
    .replace(/\bdvar\b/g, 'within(ses, school)')
    .replace(/\bsector\b/g, 'factor(sector, ref = "Public")');
}
