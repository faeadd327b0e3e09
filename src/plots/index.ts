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
export { type ChainsPictureOptions, plotChains } from './pictures/estimates/plotChains.ts';
export { type PairsPictureOptions, plotPairs } from './pictures/estimates/plotPairs.ts';
export { type ParametersPictureOptions, plotParameters } from './pictures/estimates/plotParameters.ts';
export { plotPopulation } from './pictures/estimates/plotPopulation.ts';
export { type ProfilePictureOptions, plotProfile } from './pictures/estimates/plotProfile.ts';
export { type CoefficientSpaceOptions, plotCoefficientSpace } from './pictures/groups/plotCoefficientSpace.ts';
export { plotCoefficientsBy } from './pictures/groups/plotCoefficientsBy.ts';
export { type CurvesPictureOptions, plotCurves } from './pictures/groups/plotCurves.ts';
export { type ForestPictureOptions, plotForest } from './pictures/groups/plotForest.ts';
export { type GroupLinesPictureOptions, plotGroupLines } from './pictures/groups/plotGroupLines.ts';
export { type GroupsPictureOptions, plotGroups } from './pictures/groups/plotGroups.ts';
export { type PoolingPathOptions, plotPoolingPath } from './pictures/groups/plotPoolingPath.ts';
export { plotRanks, type RanksPictureOptions } from './pictures/groups/plotRanks.ts';
export { plotShrinkage, type ShrinkagePictureOptions } from './pictures/groups/plotShrinkage.ts';
export { plotVariance, type VariancePictureOptions } from './pictures/groups/plotVariance.ts';
export type { PictureOptions } from './pictures/parts/pictureOptions.ts';
export { plotCalibration } from './pictures/predictions/plotCalibration.ts';
export { plotComparison } from './pictures/predictions/plotComparison.ts';
export { plotInfluence } from './pictures/predictions/plotInfluence.ts';
export { type LooPitPictureOptions, plotLooPit } from './pictures/predictions/plotLooPit.ts';
export { plotParetoK } from './pictures/predictions/plotParetoK.ts';
export { plotSbc, type SbcPictureOptions } from './pictures/predictions/plotSbc.ts';
export { type DataPictureOptions, plotData } from './pictures/responses/plotData.ts';
export { plotPredictive } from './pictures/responses/plotPredictive.ts';
export { type PriorPictureOptions, plotPrior } from './pictures/responses/plotPrior.ts';
export { plotResiduals, type ResidualPictureOptions } from './pictures/responses/plotResiduals.ts';
