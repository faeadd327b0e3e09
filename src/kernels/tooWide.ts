import { ModelError } from '../errors.ts';
import { besideLargest } from '../products/arrowLayout.ts';
import { WIDEST_DENSE } from '../products/crossProducts.ts';
import { crossedNeeds } from './crossedRule.ts';
import { isGaussian, type ModelSetting } from './modelSetting.ts';

/**
 * The refusal (`too-large`) of a model whose dense part is too wide to be factored: by the rule asked for where `able`
 * takes it, else by all, with what the model would have to be.
 */
export function tooWide(setting: ModelSetting, rule: string, able: string | undefined): ModelError {
  const { design, products } = setting;
  const beside = besideLargest(design, products.leading);
  const has = `${beside} make a dense part of ${products.pattern.r} coefficients, and at most ${WIDEST_DENSE} beside the largest factor are factored`;
  const likelihood = isGaussian(design) ? '; maximum likelihood fits it as it is' : '';
  const way =
    able === undefined
      ? `kernels crossed, which factor nothing large, would take this model ${crossedNeeds(setting).join(' and ')}${likelihood}`
      : `kernels ${able} factor nothing large and take this model: use ${able} or auto in place of ${rule}`;
  return new ModelError('too-large', 'group terms', `${has}; ${way}`);
}
