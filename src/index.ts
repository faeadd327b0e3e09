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
export type { CsvOptions } from './data/csvOptions.ts';
export type { ArrowTable, Column, ColumnInput, Frame, ModelData, SameNumber, Table } from './data/frame.ts';
export type { Moments, ReducedRows } from './data/reducedRows.ts';
export { toFrame } from './data/toFrame.ts';
export type { Point } from './design/build/varyingAt.ts';
export type {
  AtomEncoding,
  ColumnPart,
  CovarianceBlock,
  DependentColumn,
  Design,
  DesignColumn,
  Encoding,
  GroupTerm,
  Level2,
  RankDeficiency,
  ResidualColumns,
  ResponseColumn,
  SigmaColumns,
  SigmaGroups,
  StructuredGroups,
} from './design/design.ts';
export { ModelError } from './errors.ts';
export type {
  DefaultFamily,
  FamilyName,
  FamilySpelled,
  FamilySpelling,
  LogitFamily,
  SpelledFamilies,
} from './families/family.ts';
export { combine } from './files/combine.ts';
export { type DrawnLines, drawsHeader, drawsLines } from './files/drawsLines.ts';
export { fromCheckpoint, fromJson } from './files/fromJson.ts';
export { toDrawsList } from './files/toDrawsList.ts';
export { type FitFileOptions, toCheckpoint, toJson, toJsonPieces } from './files/toJson.ts';
export { toMCMCChains } from './files/toMCMCChains.ts';
export { toStanCsv } from './files/toStanCsv.ts';
export { toTidyCsv } from './files/toTidyCsv.ts';
export { toWideCsv } from './files/toWideCsv.ts';
export type { DrawsOptions } from './files/writtenDraws.ts';
export { type FormulaOptions, formula, type GivenPriors } from './formula/formula.ts';
export type { Level2Option } from './formula/level2.ts';
export { parsePrior } from './formula/parsePrior.ts';
export { cauchy, horseshoe, laplace } from './graph/mixturePriors.ts';
export { type FamilyAmong, graphFromJson, modelGraph } from './graph/modelGraph.ts';
export type {
  GraphNode,
  GroupNode,
  LinearPredictorNode,
  ModelGraph,
  PopulationNode,
  ResidualStructure,
  ResponseNode,
  StructureName,
} from './graph/node.ts';
export {
  bernoulliProbit,
  betaBinomial,
  binomialLogit,
  gaussian,
  group,
  linearPredictor,
  negativeBinomial,
  type OrdinalParts,
  ordinal,
  ordinalProbit,
  poisson,
  population,
  studentT,
} from './graph/nodes.ts';
export type {
  CoefficientPrior,
  CorrelationPrior,
  CovariancePrior,
  DegreesOfFreedomPrior,
  NamedPriors,
  PriorNamed,
  SdPrior,
  ThresholdPrior,
} from './graph/priorKinds.ts';
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
  type MixtureDistribution,
  normal,
  type Prior,
  type PriorOf,
  type ScaleDistribution,
  separation,
  uniform,
} from './graph/priors.ts';
export type { Kernel, Phase, State } from './kernels/kernel.ts';
export { type Anova, type AnovaRow, type AnovaTest, anova } from './likelihood/inference/anova.ts';
export type { BoundaryMixture } from './likelihood/inference/boundaryMixture.ts';
export type { ContrastOptions, ContrastTest } from './likelihood/inference/contrast.ts';
export { type ConfidenceInterval, type IntervalOptions, intervals } from './likelihood/inference/intervals.ts';
export { type JointContrast, jointContrast } from './likelihood/inference/jointContrast.ts';
export {
  type LikelihoodRatio,
  type LikelihoodRatioOptions,
  likelihoodRatio,
} from './likelihood/inference/likelihoodRatio.ts';
export { type ParameterProfile, type ProfileOptions, profile } from './likelihood/inference/profile.ts';
export type { RatioBootstrap } from './likelihood/inference/ratioBootstrap.ts';
export { type CoefficientTest, coefficientTests } from './likelihood/inference/satterthwaite.ts';
export { type MaximumLikelihoodOptions, maximumLikelihood } from './likelihood/maximumLikelihood.ts';
export type {
  Convergence,
  FittedResiduals,
  FixedEffects,
  GroupEstimates,
  LikelihoodMethod,
  MaximumLikelihoodFit,
  ProbeErrors,
  Unidentified,
} from './likelihood/maximumLikelihoodFit.ts';
export type { ChainCheckpoint } from './mcmc/chain.ts';
export type { ChainSummary, SummaryQuantiles } from './mcmc/chainSummary.ts';
export { type Draws, scalarChains, scalarDraws, type Variable } from './mcmc/draws.ts';
export type { DyadicHistograms } from './mcmc/dyadicHistograms.ts';
export type { Fit, KernelNote, Sampling } from './mcmc/fit.ts';
export type { Keep, KeepOptions, Kept } from './mcmc/keep.ts';
export type { KeptQuantiles } from './mcmc/keptQuantiles.ts';
export { type Plan, type PlanOptions, plan } from './mcmc/plan.ts';
export { extendSync, type Progress, type SampleOptions, sampleSync } from './mcmc/sampleSync.ts';
export type { ParameterPrior as DegreesPrior } from './priors/parameterPrior.ts';
export type { BlockPrior, CoefficientPriors, OrderedPrior, Priors, ScalePrior } from './priors/priors.ts';
export type { OmegaPrior, ResidualPriors } from './priors/residualPriors.ts';
export { createRng, type Rng, type RngState } from './random/rng.ts';
export { anovaText } from './report/anovaText.ts';
export { contrastText } from './report/contrastText.ts';
export { crossValidationText } from './report/crossValidationText.ts';
export { describe } from './report/describe.ts';
export { effectsText } from './report/effectsText.ts';
export { groupRanksText } from './report/groupRanksText.ts';
export { hypothesisText } from './report/hypothesisText.ts';
export { iccText } from './report/iccText.ts';
export { influenceText } from './report/influenceText.ts';
export { marginsText } from './report/marginsText.ts';
export { type PredictiveCheckTextOptions, predictiveCheckText } from './report/predictiveCheckText.ts';
export { residualsText } from './report/residualsText.ts';
export { rSquaredText } from './report/rSquaredText.ts';
export { sensitivityText } from './report/sensitivityText.ts';
export { type ShrinkageTextOptions, shrinkageText } from './report/shrinkageText.ts';
export { type ColumnAccount, type TableAccount, tableAccount, tableAccountText } from './report/tableAccount.ts';
export {
  checkText,
  compareModelsText,
  compareText,
  maximumLikelihoodText,
  type NullableRow,
  oddsText,
  predictionText,
  type SummaryTextOptions,
  summaryText,
} from './report/text.ts';
export { type ArvizOptions, toArviz } from './report/toArviz.ts';
export { ChainFailure } from './run/chainFailure.ts';
export { extend, resume } from './run/extend.ts';
export { type KFoldOptions, kFold } from './run/kFold.ts';
export type { Address, NodeWorker } from './run/nodeModule.ts';
export type { WebWorkerLike, WorkerLike, WorkerSource } from './run/openWorker.ts';
export { type RefitOptions, type RefittedLeaveOneOut, refitLeaveOneOut } from './run/refitLeaveOneOut.ts';
export type { RunOptions, Unfinished } from './run/runChains.ts';
export { type SampleAsyncOptions, sample } from './run/sample.ts';
export type { SampleProgress } from './run/sampleProgress.ts';
export type { StopSignal } from './run/stopSignal.ts';
export { type Calibration, type CalibrationPoint, calibration } from './summary/checks/calibration.ts';
export { check, type FitCheckResult } from './summary/checks/check.ts';
export { type LooPit, looPit } from './summary/checks/looPit.ts';
export {
  type PredictiveCheck,
  type PredictiveCheckOptions,
  type PredictiveCheckRow,
  type PredictiveStatistic,
  predictiveCheck,
} from './summary/checks/predictiveCheck.ts';
export {
  type GroupResidual,
  type ResidualOptions,
  type Residuals,
  type ResidualType,
  type RowResidual,
  residuals,
} from './summary/checks/residuals.ts';
export {
  type CombinedImputations,
  combineImputations,
  type ImputationRow,
} from './summary/comparison/combineImputations.ts';
export { type Comparison, type ComparisonRow, compare } from './summary/comparison/compare.ts';
export { compareGroups, type GroupComparisonRow } from './summary/comparison/compareGroups.ts';
export {
  type CompareModelsOptions,
  compareModels,
  type GroupElpd,
  type ModelComparison,
  type ModelParameterRow,
  type ModelRow,
  type NewGroupComparison,
} from './summary/comparison/compareModels.ts';
export { type ContrastRow, contrast } from './summary/comparison/contrast.ts';
export { type ExternalFit, externalFit, lme4Export } from './summary/comparison/externalFit.ts';
export { groupLogLikelihood } from './summary/comparison/groupLogLikelihood.ts';
export {
  type GroupRankRow,
  type GroupRanks,
  type GroupRanksOptions,
  groupRanks,
} from './summary/comparison/groupRanks.ts';
export { type HypothesisOptions, type HypothesisRow, hypothesis } from './summary/comparison/hypothesis.ts';
export {
  type GroupInfluence,
  type Influence,
  type InfluenceRow,
  influence,
} from './summary/comparison/influence.ts';
export type { KFold } from './summary/comparison/kFoldResult.ts';
export { type LeaveOneOutOptions, leaveOneOut } from './summary/comparison/leaveOneOut.ts';
export type { LeaveOneOut } from './summary/comparison/leaveUnitsOut.ts';
export { logLikelihood } from './summary/comparison/logLikelihood.ts';
export {
  type HalvedPriorRow,
  type Sensitivity,
  type SensitivityDiagnosis,
  type SensitivityRow,
  sensitivity,
} from './summary/comparison/sensitivity.ts';
export { draws } from './summary/draws.ts';
export { drawVariables } from './summary/drawVariables.ts';
export type { Adjustment } from './summary/effects/adjusted.ts';
export type { EffectKind, EffectPoint, EffectsOptions } from './summary/effects/effectOptions.ts';
export { type EffectRow, type Effects, effects } from './summary/effects/effects.ts';
export type { Held } from './summary/effects/heldAt.ts';
export {
  type MarginDifference,
  type MarginMean,
  type Margins,
  type MarginsOptions,
  margins,
} from './summary/effects/margins.ts';
export type { PartAnswer } from './summary/effects/partAnswers.ts';
export type { EffectGroups } from './summary/effects/pointSums.ts';
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
export { type IccOptions, type IccRow, icc, type VarianceShare } from './summary/icc.ts';
export type { ModelFit } from './summary/modelFit.ts';
export { type Shrinkage, type ShrinkageOptions, type ShrinkageRow, shrinkage } from './summary/pooling/shrinkage.ts';
export { type HasOdds, type OddsRow, odds } from './summary/prediction/odds.ts';
export { type Poststratification, type PoststratifyOptions, poststratify } from './summary/prediction/poststratify.ts';
export { predict } from './summary/prediction/predict.ts';
export type {
  EstimatedRow,
  PosteriorRow,
  Prediction,
  PredictionRow,
  PredictOptions,
} from './summary/prediction/prediction.ts';
export type { PredictionKind } from './summary/prediction/predictionKind.ts';
export type { NewGroups } from './summary/prediction/rowsToPredict.ts';
export { type SimulateOptions, type Simulation, simulate } from './summary/prediction/simulate.ts';
export { type PriorSimulation, type SimulatePriorOptions, simulatePrior } from './summary/prediction/simulatePrior.ts';
export { priorDensity } from './summary/priorDensity.ts';
export { type SummarizeOptions, summarize } from './summary/summarize.ts';
export { type MarginalCovariance, marginalCovariance } from './summary/variance/marginalCovariance.ts';
export { type RSquared, type RSquaredRow, rSquared } from './summary/variance/rSquared.ts';
export {
  type VarianceFunction,
  type VarianceFunctionOptions,
  type VariationAnswer,
  varianceFunction,
} from './summary/variance/varianceFunction.ts';
