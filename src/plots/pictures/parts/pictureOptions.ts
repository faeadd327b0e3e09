import type { Design } from '../../../design/design.ts';
import { familyOf } from '../../../families/familyOf.ts';
import type { Link } from '../../../families/link.ts';
import type { OptionTable } from '../../../input/checkOptions.ts';
import type { Picture } from '../../drawing/picture.ts';

/** The words of a picture; what is left out is made from the fit, null leaves it out of the picture. */
export interface PictureOptions {
  readonly title?: string | null;
  readonly subtitle?: string | null;
  readonly caption?: string | null;
  /** What columns are called: `{ floor: 'first floor' }`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Units by column: `{ log_radon: 'log pCi/L' }`. */
  readonly units?: Readonly<Record<string, string>>;
}

const words = {
  words: 'a text or null',
  accepts: (value: unknown) => value === null || typeof value === 'string',
};

const names = {
  words: 'an object of texts by column',
  accepts: (value: unknown) =>
    typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string'),
};

/** The table of these options, for the tables of the pictures. */
export const PICTURE_OPTIONS: OptionTable<PictureOptions> = {
  title: words,
  subtitle: words,
  caption: words,
  labels: names,
  units: names,
};

/** The words given, and those made where none is given. */
export function wordsOf(
  options: PictureOptions,
  made: Pick<Picture, 'title' | 'subtitle' | 'caption'>,
): Pick<Picture, 'title' | 'subtitle' | 'caption'> {
  const chosen = (given: string | null | undefined, own: string | null) => (given === undefined ? own : given);
  return {
    title: chosen(options.title, made.title),
    subtitle: chosen(options.subtitle, made.subtitle),
    caption: chosen(options.caption, made.caption),
  };
}

/** What a column or term is called. */
export function labelOf(options: PictureOptions, name: string): string {
  const { labels } = options;
  return labels && Object.hasOwn(labels, name) ? labels[name]! : name === 'Intercept' ? 'intercept' : name;
}

/** The scale of coefficients in words, `, log odds`, and the unit of the response where one is given. */
export function scaleWords(options: PictureOptions, { response }: Pick<Design, 'response'>): string {
  const words: Readonly<Record<Link, string>> = {
    identity: '',
    logit: ', log odds',
    probit: ', probit scale',
    log: ', log of the mean',
  };
  return `${words[familyOf({ response }).link]}${unitOf(options, response.label)}`;
}

/** `, log pCi/L`, or nothing. */
export function unitOf(options: PictureOptions, name: string): string {
  const { units } = options;
  return units && Object.hasOwn(units, name) ? `, ${units[name]}` : '';
}
