import { quote } from '../input/quote.ts';
import { fitDesign } from '../likelihood/maximumLikelihood.ts';
import type { EffectPoint } from '../summary/effects/effectOptions.ts';
import type { ModelFit } from '../summary/modelFit.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { METHODS } from './commands/ml.ts';
import { FIT_DATA_OPTIONS, readFit } from './files/fitFile.ts';
import type { Io } from './io.ts';
import { usageError } from './parseArguments.ts';

export const METHOD_ANSWER: OptionSpec = {
  name: 'method',
  value: 'NAME',
  help: 'answer from the likelihood fit of the same model: REML, ML, laplace or agq',
};

/** What the questions about predictors take beside their own options. */
export const EFFECT_OPTIONS: readonly OptionSpec[] = [
  {
    name: 'kind',
    value: 'mean|rate|linear',
    help: 'of the mean (default), of counts at exposure 1, or of the linear predictor',
  },
  { name: 'level', value: 'P', help: 'probability of the interval (0.9)' },
  METHOD_ANSWER,
  ...FIT_DATA_OPTIONS,
];

export const AT_OPTION: OptionSpec = {
  name: 'at',
  value: 'COLUMN=V,W',
  repeat: true,
  help: 'hold a column at a value, or at each of several',
};

/** The fit of draws of the first operand, or with `--method` the likelihood fit of its model. */
export function answeringFit(args: Arguments, io: Io): ModelFit {
  const method = args.choice('method', METHODS);
  const fit = readFit(args, io);
  return method === undefined ? fit : fitDesign(fit.design, method);
}

/** Words between commas; undefined where the option is not given. */
export function commaList(args: Arguments, name: string): string[] | undefined {
  const text = args.text(name);
  return text === undefined ? undefined : words(text);
}

/** The columns that `--at` holds; what reads as a number is one. Throws `usage`. */
export function heldColumns(args: Arguments): EffectPoint | undefined {
  const given = args.texts('at');
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map((text) => {
      const sign = text.indexOf('=');
      const values = words(text.slice(sign + 1));
      if (sign < 1 || values.length === 0) {
        throw usageError(
          'at',
          `--at got ${quote(text)}; accepted is a column and its values, as income=0 or income=-1,0,1`,
        );
      }
      return [text.slice(0, sign).trim(), values.map(numberOrText)] as const;
    }),
  );
}

/** A word as a number where it reads as one. */
export function numberOrText(word: string): number | string {
  const value = Number(word);
  return Number.isFinite(value) ? value : word;
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
