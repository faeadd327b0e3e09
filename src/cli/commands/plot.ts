import { quote } from '../../input/quote.ts';
import { maximumLikelihood } from '../../likelihood/maximumLikelihood.ts';
import type { Fit } from '../../mcmc/fit.ts';
import {
  type Picture,
  plotCalibration,
  plotChains,
  plotCoefficientSpace,
  plotCoefficientsBy,
  plotComparison,
  plotCurves,
  plotData,
  plotForest,
  plotGroupLines,
  plotGroups,
  plotInfluence,
  plotLooPit,
  plotPairs,
  plotParameters,
  plotParetoK,
  plotPoolingPath,
  plotPredictive,
  plotPrior,
  plotProfile,
  plotRanks,
  plotResiduals,
  plotShrinkage,
  plotVariance,
  type Theme,
  toSvg,
} from '../../plots/index.ts';
import { compareModels } from '../../summary/comparison/compareModels.ts';
import { influence } from '../../summary/comparison/influence.ts';
import { leaveOneOut } from '../../summary/comparison/leaveOneOut.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath, writeBytes, writeOut } from '../files/outFile.ts';
import { groupingFactor } from '../groupingFactor.ts';
import { twoColumns } from '../help.ts';
import { type Io, STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

interface Plot {
  readonly question: string;
  /** Of one fit, the first; `fits` are all that are given, by file. */
  draw(fit: Fit, args: Arguments, fits: Readonly<Record<string, Fit>>): Picture;
  /** Whether it takes several fits. */
  readonly several?: true;
}

/** Every picture by its name. */
const PLOTS: Readonly<Record<string, Plot>> = {
  shrinkage: {
    question: 'what did pooling do to each group?',
    draw: (fit, args) => plotShrinkage(fit, groupingFactor(fit, args), { term: args.text('term') }),
  },
  groups: {
    question: 'which groups stand out, in order?',
    draw: (fit, args) => plotGroups(fit, groupingFactor(fit, args), { term: args.text('term') }),
  },
  lines: {
    question: 'do the lines fit the data of each group?',
    draw: (fit, args) => plotGroupLines(fit, groupingFactor(fit, args), { x: args.text('x') }),
  },
  'coefficients-by': {
    question: 'does a level-2 predictor (--x) explain the coefficients of groups?',
    draw: (fit, args) => plotCoefficientsBy(fit, groupingFactor(fit, args), args.text('x')),
  },
  space: {
    question: 'how do two coefficients of groups move together?',
    draw: (fit, args) => plotCoefficientSpace(fit, groupingFactor(fit, args)),
  },
  curves: {
    question: 'what is the mean (or probability) along --x, and how sure is it?',
    draw: (fit, args) => plotCurves(fit, { x: args.text('x'), factor: args.text('factor') }),
  },
  parameters: {
    question: 'what do the data say, beyond the prior, and beside REML (--ml)?',
    draw: (fit, args) =>
      plotParameters(fit, { ...variables(args), ...(args.flag('ml') ? { compare: beside(fit) } : {}) }),
  },
  chains: { question: 'did the chains mix?', draw: (fit, args) => plotChains(fit, variables(args)) },
  predictive: { question: 'could this model have made these data?', draw: (fit) => plotPredictive(fit) },
  ranks: {
    question: 'who is best, and how sure is that?',
    draw: (fit, args) => plotRanks(fit, groupingFactor(fit, args), { term: args.text('term') }),
  },
  forest: {
    question: 'what does each group say by itself, and what does the model say?',
    draw: (fit, args) => plotForest(fit, groupingFactor(fit, args), { term: args.text('term') }),
  },
  path: {
    question: 'what if groups differed less or more?',
    draw: (fit, args) => plotPoolingPath(fit, groupingFactor(fit, args), { term: args.text('term') }),
  },
  pairs: { question: 'which parameters trade off?', draw: (fit, args) => plotPairs(fit, variables(args)) },
  residuals: {
    question: 'are rows and groups as assumed?',
    draw: (fit, args) => plotResiduals(fit, args.text('factor')),
  },
  data: {
    question: 'what have I got?',
    draw: (fit, args) => plotData(fit.graph, dataOf(fit), { factor: args.text('factor') }),
  },
  prior: {
    question: 'what did I assume before the data?',
    draw: (fit) => plotPrior(fit.graph, dataOf(fit)),
  },
  'pareto-k': { question: 'is leave-one-out to be trusted?', draw: (fit) => plotParetoK(leaveOneOut(fit)) },
  'loo-pit': {
    question: 'are predictions as sure as they should be?',
    draw: (fit) => plotLooPit(fit),
  },
  calibration: {
    question: 'does what is predicted with 70% come 70% of the time?',
    draw: (fit) => plotCalibration(fit),
  },
  variance: {
    question: 'how does variation depend on a slope (--x), and what is the ICC there?',
    draw: (fit, args) => plotVariance(fit, { x: args.text('x') }),
  },
  influence: {
    question: 'which group moves the answer?',
    draw: (fit, args) => plotInfluence(influence(fit, groupingFactor(fit, args))),
  },
  comparison: {
    question: 'which model predicts best? (of several fit files)',
    draw: (_, __, fits) => plotComparison(compareModels(fits)),
    several: true,
  },
  profile: {
    question: 'is the likelihood quadratic (REML or ML, fitted anew)?',
    draw: (fit, args) => {
      const given = args.texts('variable');
      return plotProfile(beside(fit), given.length > 0 ? { parameters: given } : {});
    },
  },
};

export const plotCommand: Command = {
  name: 'plot',
  summary: 'draw a picture of a fit',
  operands: [
    {
      name: 'PICTURE',
      optional: true,
      values: Object.keys(PLOTS),
      help: `one of ${Object.keys(PLOTS).join(', ')}`,
    },
    { ...FIT_OPERAND, optional: true, repeat: true },
  ],
  options: [
    { name: 'list', help: 'say what each picture shows, and draw none' },
    { name: 'factor', value: 'NAME', help: 'the grouping factor; needed when the model has several' },
    { name: 'term', value: 'NAME', help: 'the varying coefficient, as in Intercept' },
    { name: 'x', value: 'NAME', help: 'the predictor along x (lines, curves, coefficients-by, variance)' },
    {
      name: 'variable',
      value: 'NAME',
      repeat: true,
      help: 'a variable or quantity (parameters, chains, pairs, profile)',
    },
    { name: 'ml', help: 'mark the REML (or ML) estimates, fitted anew (parameters)' },
    { name: 'width', value: 'PIXELS', help: 'default 760' },
    { name: 'theme', value: 'auto|light|dark', help: 'default auto: as the system of the reader' },
    {
      name: 'out',
      value: 'FILE',
      help: 'FILE.svg, FILE.html, FILE.json for the numbers, FILE.png by --converter; else SVG on standard output',
    },
    {
      name: 'converter',
      value: 'COMMAND',
      help: 'for FILE.png: a program that reads SVG and writes PNG, as in "rsvg-convert" or "magick svg:- png:-"',
    },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling plot shrinkage fit.json --factor county --out shrinkage.svg',
  run(args, io) {
    if (args.flag('list')) {
      const list = Object.entries(PLOTS).map(([name, { question }]) => ({ name, question }));
      printAnswer(args, io, list, () => twoColumns(list.map(({ name, question }) => [name, question])).join('\n'));
      return STATUS.done;
    }
    const [name, ...files] = args.operands;
    const plot = name !== undefined && Object.hasOwn(PLOTS, name) ? PLOTS[name] : undefined;
    if (plot === undefined) {
      throw usageError(
        'PICTURE',
        `PICTURE: got ${quote(name)}; accepted are ${Object.keys(PLOTS).join(', ')} (plot --list says what each shows)`,
      );
    }
    if (files.length === 0) throw usageError('FIT.json', `plot ${name}: the fit file is missing, written by fit --out`);
    if (files.length > 1 && !plot.several)
      throw usageError(
        'FIT.json',
        `plot ${name}: got ${files.length} fit files; accepted is one (several by comparison)`,
      );
    const out = args.text('out');
    const kind = out === undefined ? 'svg' : /\.(svg|html|json|png)$/i.exec(out)?.[1]?.toLowerCase();
    if (kind === undefined)
      throw usageError('out', `--out: got ${quote(out)}; accepted are names that end in .svg, .html, .json or .png`);
    const converter = args.text('converter');
    if ((kind === 'png') !== (converter !== undefined))
      throw usageError(
        'converter',
        kind === 'png'
          ? `--out ${out}: a PNG is made by a program that reads SVG and writes PNG; name it, as in --converter rsvg-convert`
          : `--converter ${quote(converter!)} is for --out FILE.png alone`,
      );
    outPath(args, io);
    const fits = Object.fromEntries(files.map((file) => [file, readFit(args, io, file)]));
    const picture = plot.draw(fits[files[0]!]!, args, fits);
    write(picture, args.flag('json') ? 'json' : kind, args, io);
    return STATUS.done;
  },
};

function write(picture: Picture, kind: string, args: Arguments, io: Io): void {
  const out = args.text('out');
  const { name, title, subtitle, caption, description, rows } = picture;
  const width = args.whole('width');
  const theme = args.choice('theme', ['auto', 'light', 'dark']) as Theme | undefined;
  const made =
    kind === 'json'
      ? `${JSON.stringify({ name, title, subtitle, caption, description, rows })}\n`
      : kind === 'svg' || kind === 'png'
        ? `${toSvg(picture, { width, theme })}\n`
        : page(toSvg(picture, { width, theme }));
  if (out === undefined) io.stdout.write(made);
  else if (kind === 'png') writeBytes(out, [png(made, args.text('converter')!, io)], io);
  else writeOut(out, [made], io);
}

const PNG = [0x89, 0x50, 0x4e, 0x47];

/** The picture as the program makes a PNG of it. */
function png(svg: string, converter: string, io: Io): Uint8Array {
  const failed = (why: string) => usageError('converter', `--converter ${quote(converter)}: ${why}`);
  let made: Uint8Array;
  try {
    made = io.throughProgram(converter, svg);
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error));
  }
  if (!PNG.every((byte, i) => made[i] === byte)) throw failed('what it wrote on its standard output is no PNG');
  return made;
}

/** A page that holds the picture and nothing else, and loads nothing. */
function page(svg: string): string {
  const title = /<title[^>]*>([^<]*)</.exec(svg)![1]!;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title></head><body>${svg}</body></html>\n`;
}

function variables(args: Arguments): { readonly variables?: readonly string[] } {
  const given = args.texts('variable');
  return given.length > 0 ? { variables: given } : {};
}

/** The same model by REML, or ML where there is none. */
function beside(fit: Fit) {
  return maximumLikelihood(fit.graph, dataOf(fit));
}

function dataOf({ design }: Fit) {
  return { rows: design.rows, groups: Object.fromEntries(design.tables) };
}
