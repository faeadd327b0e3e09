import type { Design } from '../design/design.ts';
import type { BlockStandardisation } from '../products/blockStandardisation.ts';
import { standardisation, standardisedDesign } from '../products/standardisedDesign.ts';
import { movingBlocks, movingPriors } from './movingPriors.ts';
import type { MovingPriors, Priors } from './priors.ts';

/** A model in the coordinates that chains move in. */
export interface MovingModel {
  readonly design: Design;
  readonly priors: MovingPriors;
  /** The way back: per group term, per covariance block. */
  readonly blocks: readonly (readonly BlockStandardisation[])[];
}

/** Design and priors in the coordinates that chains move in (`movingBlocks`); `coordinates` where they are known. */
export function movingModel(design: Design, priors: Priors, coordinates = standardisation(design)): MovingModel {
  const blocks = movingBlocks(coordinates, priors);
  return { ...standardisedDesign(design, blocks), priors: movingPriors(priors, blocks) };
}
