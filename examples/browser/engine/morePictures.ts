import type { Fit, ModelFit } from '../../../src/index.ts';
import { ModelError } from '../../../src/index.ts';
import {
  type Picture,
  plotChains,
  plotCoefficientSpace,
  plotCoefficientsBy,
  plotGroupLines,
  plotGroups,
  plotParameters,
  plotPoolingPath,
  plotPredictive,
} from '../../../src/plots/index.ts';

/** Where on the page a picture is, that another one does without. */
const TABS: Readonly<Record<string, string>> = {
  plotShrinkage: 'What pooling did',
  plotGroups: 'In order',
  plotGroupLines: 'Lines',
  plotCoefficientSpace: 'Levels and slopes',
};

/** Pictures behind the tabs, in a chunk of their own. Throws the sentence of a picture that does not apply. */
export function morePicture(...asked: Parameters<typeof drawnPicture>): Picture {
  try {
    return drawnPicture(...asked);
  } catch (error) {
    const [, why, instead] =
      (error instanceof ModelError && /^plot\w+: (.*); draw (plot\w+) instead$/.exec(error.message)) || [];
    if (why === undefined) throw error;
    // The sentence of the library names its functions; on the page pictures have other names.
    const there = TABS[instead!];
    throw new ModelError('no-picture', asked[0], `${why}${there === undefined ? '' : `: see "${there}"`}`);
  }
}

function drawnPicture(
  tab: string,
  fit: ModelFit,
  factor: string | null,
  units: Readonly<Record<string, string>>,
): Picture {
  const drawn = (): Fit => {
    if (fit.kind === 'mcmc') return fit;
    throw new ModelError('no-draws', tab, 'this picture is made of posterior draws: start the chains');
  };
  const by = (): string => {
    if (factor !== null) return factor;
    throw new ModelError('no-factor', tab, 'nothing varies by group in this model');
  };
  switch (tab) {
    case 'lines':
      return plotGroupLines(fit, by(), { units });
    case 'groups':
      return plotGroups(fit, by(), { units });
    case 'space':
      return plotCoefficientSpace(fit, by(), { units });
    case 'level2':
      return plotCoefficientsBy(drawn(), by(), undefined, { units });
    case 'path':
      return plotPoolingPath(drawn(), by(), { units });
    case 'parameters':
      return plotParameters(drawn(), { units });
    case 'check':
      return plotPredictive(drawn(), { units });
    case 'chains':
      return plotChains(drawn(), { units });
    default:
      throw new ModelError('no-picture', tab, 'there is no such picture');
  }
}
