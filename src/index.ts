// Every public name of the package's main entry, room by room. test/api.test.ts holds the list.
export type { CheckOptions, CheckResult } from '../diagnostics/check.ts';
export type { Finding, FindingCode } from '../diagnostics/finding.ts';
export type { LogLikelihood } from '../diagnostics/logLikelihood.ts';
export type {
  ChosenSummaryRow,
  QuantileKey,
  SummarizeDrawsOptions,
  SummaryMeasure,
  SummaryRow,
} from '../diagnostics/summarizeDraws.ts';
export { formatCsv, parseCsv } from './data/csv.ts';
export { type Column, type ColumnInput, type Frame, type ModelData, type Table, toFrame } from './data/frame.ts';
export type {
  AtomEncoding,
  CovarianceBlock,
  Design,
  DesignColumn,
  Encoding,
  GroupTerm,
  Level2,
  ResponseColumn,
} from './design/design.ts';
export type { Point } from './design/varyingAt.ts';
export { ModelError } from './errors.ts';
export type { FamilySpelling } from './formula/familyName.ts';
export { type FormulaOptions, formula } from './formula/formula.ts';
export type { Level2Option } from './formula/level2.ts';
export { parsePrior } from './formula/parsePrior.ts';
export { graphFromJson, modelGraph } from './graph/modelGraph.ts';
export {
  bernoulliProbit,
  binomialLogit,
  type FamilyName,
  type GraphNode,
  type GroupNode,
  gaussian,
  group,
  type LinearPredictorNode,
  linearPredictor,
  type ModelGraph,
  type PopulationNode,
  population,
  type ResponseNode,
  studentT,
} from './graph/nodes.ts';
export {
  type CovarianceDistribution,
  type Distribution,
  defaultPrior,
  exponential,
  flat,
  gamma,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  type ScaleDistribution,
  separation,
  uniform,
} from './graph/priors.ts';
export type { DegreesPrior } from './kernels/degreesPrior.ts';
export type { Kernel, Phase, State } from './kernels/kernel.ts';
export type { BlockPrior, CoefficientPriors, Priors, ScalePrior } from './kernels/priors.ts';
export type { ContrastOptions } from './likelihood/contrast.ts';
export { type ConfidenceInterval, type IntervalOptions, intervals } from './likelihood/intervals.ts';
export { type LikelihoodRatio, type LikelihoodRatioOptions, likelihoodRatio } from './likelihood/likelihoodRatio.ts';
export { type MaximumLikelihoodOptions, maximumLikelihood } from './likelihood/maximumLikelihood.ts';
export type {
  Convergence,
  FixedEffects,
  GroupEstimates,
  LikelihoodMethod,
  MaximumLikelihoodFit,
  Unidentified,
} from './likelihood/maximumLikelihoodFit.ts';
export { type CoefficientTest, coefficientTests } from './likelihood/satterthwaite.ts';
export type { ChainCheckpoint } from './mcmc/chain.ts';
export { type Draws, scalarChains, scalarDraws, type Variable } from './mcmc/draws.ts';
export type { Fit, KernelNote, Sampling } from './mcmc/fit.ts';
export { fromJson } from './mcmc/fromJson.ts';
export type { DrawsOptions } from './mcmc/groupCoefficients.ts';
export { type Plan, type PlanOptions, plan } from './mcmc/plan.ts';
export { extend, type Progress, type SampleOptions, sampleSync } from './mcmc/sampleSync.ts';
export { toDrawsList } from './mcmc/toDrawsList.ts';
export { type FitFileOptions, toJson } from './mcmc/toJson.ts';
export { toMCMCChains } from './mcmc/toMCMCChains.ts';
export { toStanCsv } from './mcmc/toStanCsv.ts';
export { toTidyCsv } from './mcmc/toTidyCsv.ts';
export { toWideCsv } from './mcmc/toWideCsv.ts';
export { createRng, type Rng, type RngState } from './random/rng.ts';
export { describe } from './report/describe.ts';
export {
  checkText,
  compareModelsText,
  compareText,
  maximumLikelihoodText,
  oddsText,
  predictionText,
  type ShrinkageTextOptions,
  shrinkageText,
  summaryText,
} from './report/text.ts';
export { ChainFailure } from './run/chainFailure.ts';
export type { Address, NodeWorker } from './run/nodeModule.ts';
export type { WebWorkerLike, WorkerLike, WorkerSource } from './run/openWorker.ts';
export { type SampleAsyncOptions, type SampleProgress, sample } from './run/sample.ts';
export type { StopSignal } from './run/stopSignal.ts';
export { check } from './summary/check.ts';
export { type Comparison, type ComparisonRow, compare } from './summary/compare.ts';
export { compareGroups, type GroupComparisonRow } from './summary/compareGroups.ts';
export {
  compareModels,
  type ModelComparison,
  type ModelParameterRow,
  type ModelRow,
} from './summary/compareModels.ts';
export { type ContrastRow, contrast } from './summary/contrast.ts';
export { drawVariables } from './summary/drawVariables.ts';
export {
  type CoefRow,
  coef,
  type FixefRow,
  fixef,
  type LeftOutRow,
  type PosteriorQuantiles,
  type RanefRow,
  ranef,
  type SigmaEstimate,
  sigma,
  type VarCorrRow,
  varCorr,
} from './summary/estimates.ts';
export { type ExternalFit, externalFit, lme4Export } from './summary/externalFit.ts';
export { groupLogLikelihood } from './summary/groupLogLikelihood.ts';
export { type IccOptions, type IccRow, icc, type VarianceShare } from './summary/icc.ts';
export { type LeaveOneOut, leaveOneOut } from './summary/leaveOneOut.ts';
export { logLikelihood } from './summary/logLikelihood.ts';
export type { ModelFit } from './summary/modelFit.ts';
export { type OddsRow, odds } from './summary/odds.ts';
export { type Poststratification, type PoststratifyOptions, poststratify } from './summary/poststratify.ts';
export { type Prediction, type PredictionKind, type PredictOptions, predict } from './summary/predict.ts';
export type { NewGroups } from './summary/rowsToPredict.ts';
export { type Shrinkage, type ShrinkageOptions, type ShrinkageRow, shrinkage } from './summary/shrinkage.ts';
export { type SimulateOptions, type Simulation, simulate } from './summary/simulate.ts';
export { type PriorSimulation, type SimulatePriorOptions, simulatePrior } from './summary/simulatePrior.ts';
export { type SummarizeOptions, summarize } from './summary/summarize.ts';
