import type { Answer } from '../protocol.ts';

/** What the fit on the page is, for who repeats it elsewhere. */
export interface Recipe {
  readonly example: string | null;
  readonly file: string;
  readonly formula: string;
  readonly family: string;
  readonly seed: number;
  readonly asText: readonly string[];
  readonly dropped: boolean;
  readonly factor: Answer['factor'];
}

const text = (value: string): string => `'${value.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
/** A text in a shell: nothing in it is run. */
const inShell = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;

/** The program that makes the same draws in Node. */
export function program({ example, file, formula, family, seed, asText, dropped, factor }: Recipe): string {
  const csv = example === null;
  const options = [
    ...(family === 'gaussian' ? [] : [`family: ${text(family)}`]),
    `seed: ${seed}`,
    ...(dropped ? ["missing: 'drop'"] : []),
  ];
  const names = [
    ...(csv ? ['parseCsv'] : []),
    'sample',
    ...(factor ? ['shrinkage', 'shrinkageText'] : []),
    'summarize',
    'summaryText',
  ];
  return [
    ...(csv ? ["import { readFileSync } from 'node:fs';"] : []),
    `import { ${names.join(', ')} } from 'partial-pooling';`,
    ...(csv ? [] : [`import { ${example} } from 'partial-pooling/data';`]),
    '',
    ...(csv
      ? [
          `const rows = parseCsv(readFileSync(${text(file)}, 'utf8'), ${text(file)}${asText.length > 0 ? `, { text: [${asText.map(text).join(', ')}] }` : ''});`,
        ]
      : []),
    `const fit = await sample(${text(formula)}, ${csv ? 'rows' : example}, { ${options.join(', ')} });`,
    'console.log(summaryText(summarize(fit)));',
    ...(factor ? [`console.log(shrinkageText(shrinkage(fit, ${text(factor)})));`] : []),
    '',
  ].join('\n');
}

/** The command that does. */
export function shell({ example, file, formula, family, seed, asText, dropped, factor }: Recipe): string {
  const data = example === null ? file : `${example}.csv`;
  const words = [
    'npx partial-pooling fit',
    inShell(formula),
    `--data ${inShell(data)}`,
    ...(family === 'gaussian' ? [] : [`--family ${family}`]),
    ...asText.map((column) => `--text ${inShell(column)}`),
    ...(dropped ? ['--missing drop'] : []),
    `--seed ${seed}`,
    '--out fit.json',
  ];
  return `${words.join(' ')}\n${factor ? `npx partial-pooling shrinkage fit.json --factor ${inShell(factor)}\n` : ''}`;
}

/** The same model by lme4 in R, whose numbers are those of the first estimate. */
export function rCode({ example, file, formula, family, asText }: Recipe): string {
  const data = JSON.stringify(example === null ? file : `${example}.csv`);
  const counted = /^(.+?)\|\s*trials\((.+?)\)\s*~(.*)$/s.exec(formula);
  const model = counted
    ? `cbind(${counted[1]!.trim()}, ${counted[2]!.trim()} - ${counted[1]!.trim()}) ~${counted[3]}`
    : formula;
  const classes =
    asText.length > 0
      ? `, colClasses = c(${asText.map((name) => `${JSON.stringify(name)} = "character"`).join(', ')})`
      : '';
  const call: Readonly<Record<string, string>> = {
    gaussian: `lmer(${model}, rows)`,
    binomial: `glmer(${model}, rows, family = binomial)`,
    probit: `glmer(${model}, rows, family = binomial("probit"))`,
    poisson: `glmer(${model}, rows, family = poisson)`,
  };
  if (!Object.hasOwn(call, family)) return `# lme4 has no models of the family ${family}.\n`;
  return `library(lme4)\nrows <- read.csv(${data}${classes}, check.names = FALSE)\nfit <- ${call[family]}\nsummary(fit)\ncoef(fit)\n`;
}
