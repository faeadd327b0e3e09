/**
 * What is the matter with Kansas? Rich states vote Democratic and rich counties Republican: how can income do both?
 *
 *   share[c] = 55 + 0.8 (income[c] - 50) - 12 cause[s] + eps[c],   income[c] = 50 + 6 cause[s] + normal(0, 5)
 *
 * 15 states of 15 counties, simulated: income in thousands, the Republican share in per cent (eps has sd 4). A cause at
 * the level of states raises income and lowers the share, and the analyst does not have it. Look at the sign of the
 * slope of income in `share ~ income` and in `share ~ within(income, state) + between(income, state) + (1 | state)`.
 *
 * Answer: the pooled slope is negative though income raises the share in every state. Comparing counties of one state
 * (dummies, or `within`) takes the cause out; an intercept that varies by state does so almost; the cause itself, once
 * measured, does so too and explains the states.
 *
 *   npm run example kansas
 */
import {
  check,
  checkText,
  contrast,
  createRng,
  fixef,
  formula,
  maximumLikelihood,
  sample,
  shrinkage,
  shrinkageText,
  summarize,
  summaryText,
} from '../src/index.ts';
import { plotGroups, plotShrinkage } from '../src/plots/index.ts';
import { writePictures } from './pictures.ts';
import { published } from './published.ts';

const truth = 0.8;
const states = 15;
const counties = 15;

const rng = createRng([1]);
const rows: { state: string; income: number; cause: number; share: number }[] = [];
for (let s = 1; s <= states; s++) {
  const cause = rng.normal();
  for (let c = 0; c < counties; c++) {
    const income = 50 + 6 * cause + 5 * rng.normal();
    const share = 55 + truth * (income - 50) - 12 * cause + 4 * rng.normal();
    rows.push({ state: `state ${String(s).padStart(2, '0')}`, income, cause, share });
  }
}
const data = { rows };

const slope = (text: string, term = 'income') =>
  fixef(maximumLikelihood(formula(text), data)).find((row) => row.term === term)!;
const pooled = slope('share ~ income');
const dummies = slope('share ~ 0 + income + state');
const varying = slope('share ~ income + (1 | state)');
const apart = 'share ~ within(income, state) + between(income, state) + (1 | state)';
const within = slope(apart, 'within(income, state)');
const between = slope(apart, 'between(income, state)');
const measured = slope('share ~ income + cause + (1 | state)');

const beside = (what: string, { estimate, se }: typeof pooled, expected = truth) => ({
  what: `${what} (se ${se.toFixed(3)})`,
  published: expected.toFixed(3),
  ours: estimate,
  within: 3 * se,
});
// In expectation an omitted cause adds -12 cov(income, cause) / var(income) to a slope: 6 / (36 + 25) over all
// counties, 6 / (36 + 25 / 15) over means.
published('The slope of income, points per thousand: what simulation and algebra say (published), and estimates', [
  beside('pooled, truth + omitted cause', pooled, truth - 72 / (36 + 25)),
  beside('between states', between, truth - 72 / (36 + 25 / counties)),
  beside('state dummies', dummies),
  beside('varying intercept, REML', varying),
  beside('within states', within),
  beside('varying intercept and the cause', measured),
]);

// No pooling at all: a line for each state.
const lines = fixef(maximumLikelihood(formula('share ~ 0 + state + state:income'), data)).filter(({ term }) =>
  term.includes(':'),
);
const rising = lines.filter(({ estimate }) => estimate > 0).length;
console.log(`
The flip: over all counties ${signed(pooled.estimate)} points per thousand, within states ${signed(within.estimate)}.
Of the ${states} states' own lines ${rising} rise. Both slopes describe the data; only the second is what income does here.`);

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}

const fit = await sample(formula(apart), data, { seed: 1 });
console.log('\nThe posterior of the within/between model\n');
console.log(summaryText(summarize(fit, { variables: ['beta', 'tau_state', 'sigma'] })));
const gap = contrast(fit, 'between(income, state) - within(income, state)', { level: 0.95 });
console.log(
  `\nbetween - within: ${gap.estimate.toFixed(2)}, 95% interval ${gap.lower.toFixed(2)} to ${gap.upper.toFixed(2)}; below 0 with probability ${(1 - gap.probability!).toFixed(3)}`,
);
const verdict = check(fit);
console.log(checkText(verdict));

console.log('\nThree states about the line of their mean income\n');
console.log(shrinkageText(shrinkage(fit, 'state'), { top: 3 }));
writePictures({
  'kansas-shrinkage': () => plotShrinkage(fit, 'state'),
  'kansas-in-order': () => plotGroups(fit, 'state'),
});
if (!verdict.ok) process.exitCode = 3;
