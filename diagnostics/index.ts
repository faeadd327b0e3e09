export { autocorrelation } from './autocorrelation.ts';
export { autocovariance } from './autocovariance.ts';
export type { Chains, Variable, VariableHint } from './chains.ts';
export { type CheckOptions, type CheckResult, check } from './check.ts';
export { DiagnosticsError, type DiagnosticsErrorCode } from './diagnosticsError.ts';
export { type EcdfBand, type EcdfBandOptions, ecdfBand } from './ecdfBand.ts';
export { essBasic, essBulk, essMean, essMedian, essQuantile, essSd, essTail } from './ess.ts';
export type { Finding, FindingCode } from './finding.ts';
export { type GewekeOptions, geweke } from './geweke.ts';
export { hdi, type Interval } from './hdi.ts';
export { type KernelDensity, type KernelDensityOptions, kernelDensity } from './kernelDensity.ts';
export { type Estimate, type LogLikelihood, logLikelihoodMatrix, relativeEfficiency } from './logLikelihood.ts';
export { type Loo, type LooOptions, loo } from './loo.ts';
export { type KFoldComparison, type KFoldElpd, type LooComparison, looCompare } from './looCompare.ts';
export { mcseMean, mcseMedian, mcseQuantile, mcseSd } from './mcse.ts';
export { type Psis, paretoKThreshold, psis } from './psis.ts';
export { quantile } from './quantile.ts';
export { type RankHistogram, type RankHistogramOptions, rankHistogram, type Uniformity } from './rankHistogram.ts';
export { ranks } from './ranks.ts';
export { checkRun } from './reading/checkRun.ts';
export { readDrawsLines } from './reading/drawsLines.ts';
export { readDraws } from './reading/readDraws.ts';
export { readDrawsCsv } from './reading/readDrawsCsv.ts';
export { readDrawsJson } from './reading/readDrawsJson.ts';
export { readRun } from './reading/readRun.ts';
export type { SamplerRun, SamplerStatistics } from './reading/samplerRun.ts';
export { rhat, rhatBasic, rhatNested, type SplitOptions } from './rhat.ts';
export { splitChains } from './splitChains.ts';
export { type PointwiseElpd, stackingWeights } from './stackingWeights.ts';
export {
  type ChosenSummaryRow,
  type QuantileKey,
  type SummarizeDrawsOptions,
  type SummaryMeasure,
  type SummaryRow,
  summarizeDraws,
} from './summarizeDraws.ts';
export { type Waic, waic } from './waic.ts';
