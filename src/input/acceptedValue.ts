/** What an option accepts: a test of its value, and the words that say it in an error. */
export interface AcceptedValue {
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

/** One of the listed texts. */
export function oneOf(...texts: readonly string[]): AcceptedValue {
  const quoted = texts.map((text) => `'${text}'`);
  const words = [quoted.slice(0, -1).join(', '), quoted.at(-1)!].filter((part) => part !== '').join(' or ');
  return { words, accepts: (value) => typeof value === 'string' && texts.includes(value) };
}

/** A whole number from `low` to `high`, or from `low` where there is no end. */
export function wholeNumber(low: number, high = Number.POSITIVE_INFINITY): AcceptedValue {
  return {
    words: `a whole number from ${low}${high < Number.POSITIVE_INFINITY ? ` to ${high}` : ''}`,
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high,
  };
}

/** A seed of a random stream. */
export const seedValue = wholeNumber(0, 4294967295);

/** A finite number above 0. */
export const positiveNumber: AcceptedValue = {
  words: 'a positive finite number',
  accepts: (value) => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY,
};

/** A number strictly between 0 and 1. */
export const probability: AcceptedValue = {
  words: 'a number between 0 and 1',
  accepts: (value) => typeof value === 'number' && value > 0 && value < 1,
};

export const flag: AcceptedValue = {
  words: 'true or false',
  accepts: (value) => typeof value === 'boolean',
};

export const text: AcceptedValue = {
  words: 'a text',
  accepts: (value) => typeof value === 'string',
};

export const textList: AcceptedValue = {
  words: 'a list of texts',
  // Array.from: `every` would pass over holes.
  accepts: (value) => Array.isArray(value) && Array.from(value).every((entry) => typeof entry === 'string'),
};

export const callback: AcceptedValue = {
  words: 'a function',
  accepts: (value) => typeof value === 'function',
};

/** Any value: the function that takes the option checks it by itself. */
export const anyValue: AcceptedValue = { words: 'any value', accepts: () => true };

/** What either accepts. */
export function either(...values: readonly AcceptedValue[]): AcceptedValue {
  return {
    words: values.map(({ words }) => words).join(' or '),
    accepts: (value) => values.some(({ accepts }) => accepts(value)),
  };
}
