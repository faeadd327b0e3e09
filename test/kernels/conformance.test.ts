import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { cauchy, horseshoe, laplace } from '../../src/graph/mixturePriors.ts';
import { studentT } from '../../src/graph/nodes.ts';
import { halfTCov, inverseWishart } from '../../src/graph/priors.ts';
import type { Kernel, State } from '../../src/kernels/kernel.ts';
import { chooseKernels, KERNEL_RULES } from '../../src/kernels/kernelRules.ts';
import { initialValues } from '../../src/mcmc/initialValues.ts';
import { emptyState } from '../../src/mcmc/layout.ts';
import { type Plan, planDesign } from '../../src/mcmc/plan.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { createRng } from '../../src/random/rng.ts';
import { firstRows, fixtureFrame } from '../fixtures/fixtureFrame.ts';

const models: readonly [string, string, Parameters<typeof formula>[1]][] = [
  ['oneway_tiny', 'y ~ 1', {}],
  ['oneway_tiny', 'y ~ 1 + (1 | group)', {}],
  ['eight_schools', 'y | se(sigma) ~ 1 + (1 | school)', {}],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', {}],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', { priors: { Sigma_Subject: halfTCov(2, 50) } }],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', { priors: { Sigma_Subject: inverseWishart(4, 100) } }],
  ['sleepstudy', 'Reaction ~ Days + (Days || Subject)', {}],
  ['orthodont', 'distance ~ age + (1 | Subject)', { residual: 'ar1(age | Subject)', sigma: '~ Sex' }],
  ['orthodont', 'distance ~ age', { residual: 'cs(Subject)' }],
  ['orthodont', 'distance ~ age + (1 | Subject)', { sigma: '~ Sex + (1 | Subject)' }],
  ['pastes', 'strength ~ 1 + (1 | batch/cask)', {}],
  ['penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)', {}],
  ['tumors', 'y | trials(K) ~ 1', { family: 'binomialLogit' }],
  ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd)', { family: 'binomialLogit' }],
  ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd) + (1 | period)', { family: 'binomialLogit' }],
  ['contraception', 'use ~ age + (1 + urban | district)', { family: 'binomialLogit' }],
  ['contraception', 'use ~ age + (1 | district)', { family: 'bernoulliProbit' }],
  ['cbpp', 'incidence ~ 1 + (1 | herd)', { family: 'negativeBinomial' }],
  ['cbpp', 'incidence ~ 1', { family: 'negativeBinomial' }],
  ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd)', { family: 'betaBinomial' }],
  ['cbpp', 'period ~ incidence + (1 | herd)', { family: 'ordinal' }],
  ['sleepstudy', 'Reaction ~ Days + (1 | Subject)', { priors: { beta: studentT(3, 200, 100) } }],
  ['sleepstudy', 'Reaction ~ Days + (1 | Subject)', { priors: { beta: horseshoe(1, 4, 10) } }],
  ['sleepstudy', 'Reaction ~ Days + (1 | Subject)', { family: 'studentT', priors: { 'beta[Days]': cauchy(0, 5) } }],
  ['orthodont', 'distance ~ age', { residual: 'cs(Subject)', priors: { beta: laplace(0, 1) } }],
  ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd)', { family: 'binomialLogit', priors: { beta: cauchy(0, 1) } }],
  ['cbpp', 'period ~ incidence + (1 | herd)', { family: 'ordinal', priors: { beta: studentT(3, 0, 1) } }],
  ['oneway_tiny', 'y ~ 1', { family: 'studentT', nu: 4 }],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', { family: 'studentT' }],
  ['penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)', { family: 'studentT' }],
];

/** Of contraception 17 of the 60 districts. */
const rowsOf = (data: string) => (data === 'contraception' ? firstRows(data, 600) : fixtureFrame(data));

/** Every kernel of every rule that applies to every model: [title, plan, kernel]. */
const kernels: [string, Plan, Kernel][] = models.flatMap(([data, text, options]) => {
  const design = buildDesign(formula(text, options), { rows: rowsOf(data) });
  const { products, priors } = planDesign(design, 'auto');
  const setting = { design, products: design.residual ? products : crossProducts(design), priors };
  return KERNEL_RULES.filter((rule) => rule.applies(setting)).flatMap((rule) => {
    const plan = planDesign(design, rule.name);
    return plan.kernels.map((kernel): [string, Plan, Kernel] => [
      `${kernel.name} (${rule.name}, ${text})`,
      plan,
      kernel,
    ]);
  });
});

/** A state in which every kernel of the plan has been initialised and stepped a few times. */
function running(plan: Plan, seed: number): { state: State; rng: ReturnType<typeof createRng> } {
  const state = emptyState(plan.variables);
  const rng = createRng([seed]);
  initialValues(plan, state, rng);
  for (const kernel of plan.kernels) kernel.init(state, rng);
  for (let i = 0; i < 5; i += 1)
    for (const kernel of plan.kernels) kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
  return { state, rng };
}

const others = new Map<Plan, { readonly other: Plan; readonly second: ReturnType<typeof running> }>();

/** A plan of the same model with kernels and workspaces of its own, running; made once for all kernels of a plan. */
function elsewhere(plan: Plan): { readonly other: Plan; readonly second: ReturnType<typeof running> } {
  let found = others.get(plan);
  if (found === undefined) {
    const other = planDesign(plan.design, plan.rule);
    found = { other, second: running(other, 99) };
    others.set(plan, found);
  }
  return found;
}

function copy(state: State): {
  at: Record<string, number[]>;
  latent: Record<string, number[]>;
} {
  const plain = (arrays: Readonly<Record<string, Float64Array>>) =>
    Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));
  return { at: plain(state.at), latent: plain(state.latent) };
}

describe('every kernel', () => {
  it.each(kernels)('changes what it names and nothing else: %s', (_title, plan, kernel) => {
    const { state, rng } = running(plan, 11);
    const before = copy(state);
    for (let i = 0; i < 20; i += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
    }
    const after = copy(state);
    const changed = Object.keys(after.at).filter((name) => `${after.at[name]}` !== `${before.at[name]}`);
    // Of what is not recorded, that which it says it draws.
    const drawn = kernel.updates.filter(
      (name) => after.latent[name] && `${after.latent[name]}` !== `${before.latent[name]}`,
    );
    expect([...new Set([...changed, ...drawn])].sort()).toEqual([...kernel.updates].sort());
  });

  it.each(kernels)('depends on the state and the stream alone: %s', (_title, plan, kernel) => {
    const first = running(plan, 12);
    const saved = copy(first.state);
    const stream = first.rng.save();
    for (let i = 0; i < 3; i += 1)
      kernel.step(first.state, first.rng, 'sampling', new Float64Array(kernel.stats.length));
    const expected = copy(first.state);
    // Elsewhere: a plan of its own, whose kernels have other workspaces, after other work.
    const { other, second } = elsewhere(plan);
    for (const [name, values] of Object.entries(saved.at)) second.state.at[name]!.set(values);
    for (const [name, values] of Object.entries(saved.latent)) second.state.latent[name] = Float64Array.from(values);
    second.rng.restore(stream);
    const twin = other.kernels[plan.kernels.indexOf(kernel)]!;
    for (let i = 0; i < 3; i += 1) twin.step(second.state, second.rng, 'sampling', new Float64Array(twin.stats.length));
    expect(copy(second.state)).toEqual(expected);
  });

  it.each(kernels)('says what it is, what it updates and why: %s', (_title, plan, kernel) => {
    expect(kernel.name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(kernel.why.length).toBeGreaterThan(10);
    const latent = Object.keys(elsewhere(plan).second.state.latent);
    const names = [...plan.variables.map((variable) => variable.name), ...latent];
    for (const name of kernel.updates) expect(names).toContain(name);
  });

  it('of the auto rule is that of the first rule in the table that applies', () => {
    for (const [data, text, options] of models) {
      const design = buildDesign(formula(text, options), { rows: rowsOf(data) });
      const plan = planDesign(design, 'auto');
      const setting = { design, products: plan.products, priors: plan.priors };
      const first = KERNEL_RULES.find((rule) => rule.applies(setting))!;
      expect(plan.kernels.map(({ name }) => name)).toEqual(chooseKernels(setting, first.name).map(({ name }) => name));
    }
  });
});
