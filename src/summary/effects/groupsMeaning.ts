import type { Design } from '../../design/design.ts';
import type { EffectScale } from './effectScale.ts';
import type { EffectGroups } from './pointSums.ts';

/** In words which groups an answer is of, and whether it is conditional on a group or averaged over the population. */
export function groupsMeaning(design: Design, groups: EffectGroups, { linear }: EffectScale): string {
  const factors = design.groupTerms.map(({ factor }) => factor);
  if (factors.length === 0) return 'the model has no groups';
  const each = factors.join(' and ');
  switch (groups) {
    case 'population':
      return linear
        ? `in a typical ${each}, whose deviations are 0, which is also the average over them`
        : `in a typical ${each}, whose deviations are 0: conditional, and not the average over the population, which the link keeps apart from it`;
    case 'average':
      return `each row with the deviations of its own ${each}: averaged over the ${each} of the data`;
    case 'new':
      return `averaged over new levels of ${each}, whose deviations are integrated out over N(0, Sigma): population-averaged`;
  }
}
