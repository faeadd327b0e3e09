/**
 * Pupils in classes in schools in districts: how much of the variance lies at which level, and what is a programme for
 * classes worth?
 *
 *   score = 50 + 2 programme[class] + district + school + class + pupil,   sds 3, 2, 2 and 6,   12 districts x 4
 *   schools x 3 classes x 8 pupils
 *
 * `(1 | district/school/class)` is short for `(1 | district) + (1 | district:school) + (1 | district:school:class)`:
 * classes are C1 to C3 in every school, and the colons keep them apart. Simulated first; then two real nestings, paste
 * in casks in batches and children in schools, against lme4. Look at the four sds, and at the standard error of the
 * programme when levels are left out.
 *
 * Answer: all is recovered, the sd of 12 districts least precisely. Without the class level the programme, which is
 * given to classes, looks more certain than it is.
 *
 *   npm run example nested
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  compare,
  compareText,
  createRng,
  fixef,
  formula,
  maximumLikelihood,
  parseCsv,
  sample,
  varCorr,
} from '../src/index.ts';
import { plotGroups, plotProfile } from '../src/plots/index.ts';
import { writePictures } from './pictures.ts';
import { published, publishedFixef, publishedVarCorr } from './published.ts';

const effect = 2;

const rng = createRng([1]);
const rows: { district: string; school: string; class: string; programme: number; score: number }[] = [];
for (let d = 1; d <= 12; d++) {
  const district = 3 * rng.normal();
  for (let s = 1; s <= 4; s++) {
    const school = district + 2 * rng.normal();
    for (let c = 1; c <= 3; c++) {
      const programme = rng.uniform() < 0.5 ? 1 : 0;
      const mean = 50 + effect * programme + school + 2 * rng.normal();
      for (let p = 1; p <= 8; p++) {
        rows.push({ district: `D${d}`, school: `S${s}`, class: `C${c}`, programme, score: mean + 6 * rng.normal() });
      }
    }
  }
}
const data = { rows };

const model = formula('score ~ programme + (1 | district/school/class)');
const reml = maximumLikelihood(model, data);

const programme = (text: string) =>
  fixef(maximumLikelihood(formula(`score ~ programme${text}`), data)).find(({ term }) => term === 'programme')!;
const full = programme(' + (1 | district/school/class)');
const fit = await sample(model, data, { seed: 1, warmup: 200, iterations: 1000 });
published('The truth (published) and REML; allowed is three standard errors, of the sds three posterior sds', [
  { what: 'programme', published: effect.toFixed(3), ours: full.estimate, within: 3 * full.se },
  ...varCorr(reml).map(({ factor, sd }, level) => ({
    what: `sd ${factor}`,
    published: ['3.000', '2.000', '2.000', '6.000'][level]!,
    ours: sd!,
    within: 3 * varCorr(fit)[level]!.se!,
  })),
]);
const total = varCorr(reml).reduce((sum, { sd }) => sum + sd! ** 2, 0);
const shares = varCorr(reml).map(({ factor, sd }) => `${factor} ${((100 * sd! ** 2) / total).toFixed(0)}%`);
const [without, least] = [programme(' + (1 | district/school)').se, programme('').se];
console.log(`
Shares of the variance: ${shares.join(', ')}.
Standard error of the programme: ${full.se.toFixed(2)} with all levels, ${without.toFixed(2)} without classes, ${least.toFixed(2)} by least squares.`);

console.log('\nThe posterior beside REML\n');
console.log(compareText(compare(fit, reml)));
const verdict = check(fit);
console.log(checkText(verdict));

// Real: the strength of 60 samples of paste, two from each of three casks of ten batches (Davies & Goldsmith 1972).
// lme4 1.1-31: lmer(strength ~ 1 + (1 | batch/cask)), REML and ML.
const read = (file: string) => ({
  rows: parseCsv(readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8'), file),
});
const pastes = read('pastes.csv');
const paste = formula('strength ~ 1 + (1 | batch/cask)');
const pasteReml = maximumLikelihood(paste, pastes);
const pasteMl = maximumLikelihood(paste, pastes, { method: 'ML' });
published('Pastes, REML: lme4 (published) and ours', [
  ...publishedFixef(pasteReml, ['60.0533 (0.6769)']),
  ...publishedVarCorr(pasteReml, ['1.2874', '2.9041', '0.8234']),
  { what: 'log-likelihood', published: '-123.4954', ours: pasteReml.logLik },
  { what: 'sd: batch Intercept, ML', published: '1.0951', ours: varCorr(pasteMl)[0]!.sd! },
  { what: 'log-likelihood, ML', published: '-123.9972', ours: pasteMl.logLik },
]);
const pasteFit = await sample(paste, pastes, { seed: 1 });
console.log('\nThe posterior beside REML\n');
console.log(compareText(compare(pasteFit, pasteReml)));
const batch = varCorr(pasteFit).find(({ factor }) => factor === 'batch')!;
console.log(`Ten batches say little of how batches vary: a 90% interval for the sd is ${batch.q5!.toFixed(2)} to ${batch.q95!.toFixed(2)}, and REML's and
ML's estimates are two points of it.`);
const pasteVerdict = check(pasteFit);
console.log(checkText(pasteVerdict));

// Real: 7230 scores in mathematics of 1721 children of 60 schools, each followed for up to six years; children have
// intercepts and slopes of their own, and so have schools. lme4 1.1-31, bobyqa: lmer(math ~ year + (1 + year |
// schoolid/childid)), REML.
const growth = maximumLikelihood(formula('math ~ year + (1 + year | school/child)'), read('egsingle.csv'));
published('Growth in mathematics, REML: lme4 (published) and ours', [
  ...publishedFixef(growth, ['-0.7792 (0.0583)', '0.7631 (0.0154)']),
  ...publishedVarCorr(growth, ['0.4106', '0.1061', '0.3979', '0.8003', '0.1061', '0.5510', '0.5490']),
  { what: 'log-likelihood', published: '-8168.3697', ours: growth.logLik },
]);
writePictures({
  'nested-districts': () => plotGroups(fit, 'district'),
  'nested-schools': () => plotGroups(fit, 'district:school'),
  'nested-pastes-profile': () => plotProfile(pasteMl),
});
if (!verdict.ok || !pasteVerdict.ok) process.exitCode = 3;
