import type { Design } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { thresholdLabels } from '../../families/thresholdLabels.ts';
import { named } from './html.ts';

/** What a probability of the model is of: the response, or of ordered answers a higher one than any level. */
export function eventWords(design: Design): string {
  const response = named(design.response.label);
  return familyOf(design).ordered === undefined ? response : `a higher ${response}`;
}

/** What the linear predictor is a scale of. */
export function scaleWords(design: Design): string {
  const response = eventWords(design);
  const { link } = familyOf(design);
  if (link === 'identity') return `the expected ${response}`;
  if (link === 'log') return `the log of the expected ${response}`;
  return `the ${link === 'logit' ? 'log odds' : link} of ${response}`;
}

/** A coefficient of the rows in words: where all is zero, or what one more of a column comes with. */
function coefficientWords(design: Design, c: number): string {
  const { parts } = design.columns[c]!;
  const scale = scaleWords(design);
  if (parts.length === 0) return `${scale} where every column of the model is 0`;
  const [first, ...others] = parts.map(({ label }) => named(label));
  if (others.length > 0) {
    return `how much the difference that comes with ${first} grows with each 1 of ${others.join(' and ')}`;
  }
  const elsewhere = interactionsOf(design, c);
  const at =
    elsewhere.length > 0
      ? `, where ${elsewhere.map(named).join(' and ')} ${elsewhere.length > 1 ? 'are' : 'is'} 0`
      : '';
  return isLevel(design, c)
    ? `difference in ${scale} between ${first} and the reference${at}`
    : `difference in ${scale} between rows that differ by 1 in ${first}${at}`;
}

/** Whether the column stands for one level of a category, and not for a number. */
export function isLevel(design: Design, c: number): boolean {
  const part = design.columns[c]!.parts[0]!;
  return part.label !== part.atom && design.encoding[part.atom]?.kind === 'factor';
}

/** The columns that a column of one part meets in products. */
export function interactionsOf({ columns }: Design, c: number): string[] {
  const own = columns[c]!.parts[0]!.label;
  return [
    ...new Set(
      columns
        .filter(({ parts }) => parts.length > 1 && parts.some(({ label }) => label === own))
        .flatMap(({ parts }) => parts.map(({ label }) => label).filter((label) => label !== own)),
    ),
  ];
}

/** What a varying coefficient is called: the intercept, or the coefficient of a column. */
export function varyingWords(label: string): string {
  return label === 'Intercept' ? 'the intercept' : `the coefficient of ${named(label)}`;
}

/** By the name of each quantity, what it is in words, as HTML. */
export function quantityWords(design: Design): ReadonlyMap<string, string> {
  const words = new Map<string, string>();
  design.columns.forEach(({ label }, c) => {
    words.set(`beta[${label}]`, coefficientWords(design, c));
  });
  for (const { factor, labels } of design.groupTerms) {
    labels.forEach((label, k) => {
      words.set(
        `tau_${factor}[${label}]`,
        `spread (standard deviation) between groups of ${named(factor)} in ${varyingWords(label)}`,
      );
      for (const other of labels.slice(k + 1)) {
        words.set(
          `corr_${factor}[${label},${other}]`,
          `how ${varyingWords(label)} and ${varyingWords(other)} go together from one ${named(factor)} to the next (\u22121 to 1)`,
        );
      }
    });
  }
  words.set(
    'sigma',
    familyOf(design).sigma === 'scale'
      ? 'scale of the rows about the line of their groups'
      : 'spread (standard deviation) of rows about the line of their groups',
  );
  words.set(
    'shape',
    'shape of the counts: the smaller, the more they vary about their mean, whose variance is mean + mean^2 / shape',
  );
  words.set(
    'precision',
    'precision of the chances of rows: the smaller, the more the chance of a row varies about its mean, with the variance mean (1 - mean) / (precision + 1)',
  );
  for (const label of thresholdLabels(design.response.levels ?? [])) {
    const [below, above] = label.split('|');
    words.set(`threshold[${label}]`, `where on the scale of the linear predictor ${below} ends and ${above} begins`);
  }
  words.set('nu', 'degrees of freedom: the smaller, the more rows lie far from their line');
  return words;
}
