// Every public name of the entry partial-pooling/plots.
export { type MountedPicture, type MountOptions, mount, type PictureElement } from './drawing/mount.ts';
export type {
  Axis,
  Dash,
  LegendEntry,
  Mark,
  Panel,
  Picture,
  PictureRow,
  Place,
  Role,
  Segment,
  Tick,
} from './drawing/picture.ts';
export type { Theme } from './drawing/style.ts';
export { type SvgOptions, toSvg } from './drawing/toSvg.ts';
export type { PictureOptions } from './pictures/pictureOptions.ts';
export { plotCalibration } from './pictures/plotCalibration.ts';
export { type ChainsPictureOptions, plotChains } from './pictures/plotChains.ts';
export { type CoefficientSpaceOptions, plotCoefficientSpace } from './pictures/plotCoefficientSpace.ts';
export { plotCoefficientsBy } from './pictures/plotCoefficientsBy.ts';
export { plotComparison } from './pictures/plotComparison.ts';
export { type CurvesPictureOptions, plotCurves } from './pictures/plotCurves.ts';
export { type DataPictureOptions, plotData } from './pictures/plotData.ts';
export { type ForestPictureOptions, plotForest } from './pictures/plotForest.ts';
export { type GroupLinesPictureOptions, plotGroupLines } from './pictures/plotGroupLines.ts';
export { type GroupsPictureOptions, plotGroups } from './pictures/plotGroups.ts';
export { plotInfluence } from './pictures/plotInfluence.ts';
export { type LooPitPictureOptions, plotLooPit } from './pictures/plotLooPit.ts';
export { type PairsPictureOptions, plotPairs } from './pictures/plotPairs.ts';
export { type ParametersPictureOptions, plotParameters } from './pictures/plotParameters.ts';
export { plotParetoK } from './pictures/plotParetoK.ts';
export { type PoolingPathOptions, plotPoolingPath } from './pictures/plotPoolingPath.ts';
export { plotPopulation } from './pictures/plotPopulation.ts';
export { plotPredictive } from './pictures/plotPredictive.ts';
export { type PriorPictureOptions, plotPrior } from './pictures/plotPrior.ts';
export { type ProfilePictureOptions, plotProfile } from './pictures/plotProfile.ts';
export { plotRanks, type RanksPictureOptions } from './pictures/plotRanks.ts';
export { plotResiduals } from './pictures/plotResiduals.ts';
export { plotSbc, type SbcPictureOptions } from './pictures/plotSbc.ts';
export { plotShrinkage, type ShrinkagePictureOptions } from './pictures/plotShrinkage.ts';
export { plotVariance, type VariancePictureOptions } from './pictures/plotVariance.ts';
