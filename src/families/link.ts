/** What makes a mean of the linear predictor. */
export type Link = 'identity' | 'logit' | 'probit' | 'log';

/** What a link says of the numbers that may stand on its scale. */
export interface LinkScale {
  /** Largest offset, in absolute value, that leaves something of the mean. */
  readonly largestOffset: number;
  /** How messages name models with it. */
  readonly words: string;
  /** Whether the mean is a probability, with odds mean(eta) / mean(-eta): then the link is symmetric about 0. */
  readonly odds: boolean;
}

const binary = {
  // Beyond this a logit or a probit is certainty many times over, and searches crawl.
  largestOffset: 1e4,
  words: 'a logit or probit link',
  odds: true,
};

/** Every link. A log link's exp(eta) leaves the range of numbers at 709. */
export const LINKS: Readonly<Record<Link, LinkScale>> = {
  identity: { largestOffset: Number.MAX_VALUE, words: 'the identity link', odds: false },
  logit: binary,
  probit: binary,
  log: { largestOffset: 500, words: 'a log link', odds: false },
};
