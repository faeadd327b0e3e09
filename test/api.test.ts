import { describe, expect, it } from 'vitest';
import * as diagnostics from '../diagnostics/index.ts';
import * as models from '../models/index.ts';
import * as main from '../src/index.ts';
import * as plots from '../src/plots/index.ts';
import * as database from '../src/reduction/index.ts';
import * as reports from '../src/report/html/index.ts';

describe('the public names', () => {
  it('of partial-pooling/plots are these', () => {
    expect(Object.keys(plots).sort()).toMatchInlineSnapshot(`
      [
        "mount",
        "plotCalibration",
        "plotChains",
        "plotCoefficientSpace",
        "plotCoefficientsBy",
        "plotComparison",
        "plotCurves",
        "plotData",
        "plotForest",
        "plotGroupLines",
        "plotGroups",
        "plotInfluence",
        "plotLooPit",
        "plotPairs",
        "plotParameters",
        "plotParetoK",
        "plotPoolingPath",
        "plotPopulation",
        "plotPredictive",
        "plotPrior",
        "plotProfile",
        "plotRanks",
        "plotResiduals",
        "plotSbc",
        "plotShrinkage",
        "plotVariance",
        "toSvg",
      ]
    `);
  });

  it('of partial-pooling/database are these', () => {
    expect(Object.keys(database).sort()).toEqual(['fromReduced', 'reduce', 'reductionSql']);
  });

  it('of partial-pooling/report are these', () => {
    expect(Object.keys(reports).sort()).toEqual(['modelMath', 'report', 'reportDocument']);
  });

  it('of partial-pooling are these', () => {
    expect(Object.keys(main).sort()).toMatchInlineSnapshot(`
      [
        "ChainFailure",
        "ModelError",
        "anova",
        "anovaText",
        "bernoulliProbit",
        "betaBinomial",
        "binomialLogit",
        "calibration",
        "cauchy",
        "check",
        "checkText",
        "coef",
        "coefficientTests",
        "combine",
        "combineImputations",
        "compare",
        "compareGroups",
        "compareModels",
        "compareModelsText",
        "compareText",
        "contrast",
        "contrastText",
        "createRng",
        "crossValidationText",
        "defaultPrior",
        "describe",
        "drawVariables",
        "draws",
        "drawsHeader",
        "drawsLines",
        "effects",
        "effectsText",
        "exponential",
        "extend",
        "extendSync",
        "externalFit",
        "fixef",
        "flat",
        "formatCsv",
        "formula",
        "fromCheckpoint",
        "fromJson",
        "gamma",
        "gaussian",
        "graphFromJson",
        "group",
        "groupLogLikelihood",
        "groupRanks",
        "groupRanksText",
        "halfCauchy",
        "halfNormal",
        "halfT",
        "halfTCov",
        "horseshoe",
        "hypothesis",
        "hypothesisText",
        "icc",
        "influence",
        "influenceText",
        "intervals",
        "inverseGamma",
        "inverseWishart",
        "jointContrast",
        "kFold",
        "laplace",
        "leaveOneOut",
        "likelihoodRatio",
        "linearPredictor",
        "lkj",
        "lme4Export",
        "logLikelihood",
        "looPit",
        "marginalCovariance",
        "margins",
        "marginsText",
        "maximumLikelihood",
        "maximumLikelihoodText",
        "modelGraph",
        "negativeBinomial",
        "normal",
        "odds",
        "oddsText",
        "ordinal",
        "ordinalProbit",
        "parseCsv",
        "parsePrior",
        "plan",
        "poisson",
        "population",
        "poststratify",
        "predict",
        "predictionText",
        "predictiveCheck",
        "priorDensity",
        "profile",
        "rSquared",
        "rSquaredText",
        "ranef",
        "refitLeaveOneOut",
        "residuals",
        "residualsText",
        "resume",
        "sample",
        "sampleSync",
        "scalarChains",
        "scalarDraws",
        "sensitivity",
        "sensitivityText",
        "separation",
        "shrinkage",
        "shrinkageText",
        "sigma",
        "simulate",
        "simulatePrior",
        "studentT",
        "summarize",
        "summaryText",
        "tableAccount",
        "tableAccountText",
        "toArviz",
        "toCheckpoint",
        "toDrawsList",
        "toFrame",
        "toJson",
        "toJsonPieces",
        "toMCMCChains",
        "toStanCsv",
        "toTidyCsv",
        "toWideCsv",
        "uniform",
        "varCorr",
        "varianceFunction",
      ]
    `);
  });

  it('of partial-pooling/models are these', () => {
    expect(Object.keys(models).sort()).toMatchInlineSnapshot(`
      [
        "hierarchicalNormal",
        "logitVoter",
        "varyingSlopes",
      ]
    `);
  });

  it('of partial-pooling/diagnostics are these', () => {
    expect(Object.keys(diagnostics).sort()).toMatchInlineSnapshot(`
      [
        "DiagnosticsError",
        "autocorrelation",
        "autocovariance",
        "check",
        "checkRun",
        "ecdfBand",
        "essBasic",
        "essBulk",
        "essMean",
        "essMedian",
        "essQuantile",
        "essSd",
        "essTail",
        "geweke",
        "hdi",
        "kernelDensity",
        "logLikelihoodMatrix",
        "loo",
        "looCompare",
        "mcseMean",
        "mcseMedian",
        "mcseQuantile",
        "mcseSd",
        "paretoKThreshold",
        "psis",
        "quantile",
        "rankHistogram",
        "ranks",
        "readDraws",
        "readDrawsCsv",
        "readDrawsJson",
        "readDrawsLines",
        "readRun",
        "relativeEfficiency",
        "rhat",
        "rhatBasic",
        "rhatNested",
        "splitChains",
        "stackingWeights",
        "summarizeDraws",
        "waic",
      ]
    `);
  });

  it('are functions, classes and constants, and nothing is undefined', () => {
    const all = Object.entries({ ...main, ...models, ...diagnostics });
    expect(all.filter(([, value]) => value === undefined).map(([name]) => name)).toEqual([]);
  });
});
