import { toDrawsList } from '../../files/toDrawsList.ts';
import { toMCMCChains } from '../../files/toMCMCChains.ts';
import { toStanCsv } from '../../files/toStanCsv.ts';
import { toTidyCsv } from '../../files/toTidyCsv.ts';
import { toWideCsv } from '../../files/toWideCsv.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { type ArvizOptions, toArvizPieces } from '../../report/toArviz.ts';
import type { Arguments } from '../arguments.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { checkOut, writeOut } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

/** The writers: each gives the texts of its files, one text or one per chain, each whole or in pieces. */
const FORMATS = {
  arviz: (fit, options) => [toArvizPieces(fit, options)],
  'draws-list': (fit, { groupCoefficients }) => [[toDrawsList(fit, { groupCoefficients })]],
  mcmcchains: (fit, { groupCoefficients }) => [[toMCMCChains(fit, { groupCoefficients })]],
  stan: (fit, { groupCoefficients }) => toStanCsv(fit, { groupCoefficients }).map((text) => [text]),
  tidy: (fit, { groupCoefficients }) => [[toTidyCsv(fit, { groupCoefficients })]],
  wide: (fit, { groupCoefficients }) => [[toWideCsv(fit, { groupCoefficients })]],
} satisfies Record<string, (fit: Fit, options: ArvizOptions) => Iterable<string>[]>;

/** The groups of ArviZ that are written on request. */
const GROUPS = {
  log_likelihood: 'logLikelihood',
  posterior_predictive: 'posteriorPredictive',
  prior: 'prior',
} as const;

type Format = keyof typeof FORMATS;

export const exportCommand: Command = {
  name: 'export',
  summary: 'write the draws for R, Python, Julia or a spreadsheet',
  operands: [FIT_OPERAND],
  options: [
    {
      name: 'out',
      value: 'FILE',
      help: 'where to; stan writes one file per chain: FILE draws.csv gives draws_1.csv ...',
    },
    {
      name: 'format',
      value: 'NAME',
      help: 'wide (default) or tidy CSV, draws-list (R), mcmcchains (Julia), arviz (Python), stan',
    },
    {
      name: 'with',
      value: 'GROUPS',
      help: 'of arviz: log_likelihood (az.loo), posterior_predictive (az.plot_ppc), prior (with prior_predictive)',
    },
    { name: 'group-coefficients', help: 'write b_<factor>, the coefficients of every group, too' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling export fit.json --out draws.csv --format wide',
  run(args, io) {
    const out = args.text('out');
    if (out === undefined) throw usageError('out', '--out is missing: give the file to write, --out FILE');
    const format = args.choice('format', Object.keys(FORMATS) as Format[]) ?? 'wide';
    const groups = groupsAsked(args, format);
    const fit = readFit(args, io);
    const files =
      format === 'stan' ? Array.from({ length: fit.sampling.chains }, (_, chain) => chainPath(out, chain + 1)) : [out];
    for (const path of files) checkOut(path, args, io);
    const texts = FORMATS[format](fit, { groupCoefficients: args.flag('group-coefficients'), ...groups });
    files.forEach((path, i) => {
      writeOut(path, texts[i]!, io);
    });
    printAnswer(args, io, { format, files }, () => files.join('\n'));
    return STATUS.done;
  },
};

/** The groups of --with as options. */
function groupsAsked(args: Arguments, format: Format): ArvizOptions {
  const given = args.text('with');
  if (given === undefined) return {};
  if (format !== 'arviz') throw usageError('with', '--with names groups of ArviZ; give --format arviz too');
  const names = given.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !Object.hasOwn(GROUPS, name));
  if (wrong !== undefined) {
    throw usageError(
      'with',
      `--with: got ${quote(wrong)}; accepted are ${Object.keys(GROUPS).join(', ')}, with commas between`,
    );
  }
  return Object.fromEntries(names.map((name) => [GROUPS[name as keyof typeof GROUPS], true]));
}

/** `draws.csv` of chain 2 is `draws_2.csv`, as CmdStan names them. */
function chainPath(out: string, chain: number): string {
  const dot = out.lastIndexOf('.');
  const named = dot > Math.max(out.lastIndexOf('/'), out.lastIndexOf('\\')) + 1;
  return named ? `${out.slice(0, dot)}_${chain}${out.slice(dot)}` : `${out}_${chain}`;
}
