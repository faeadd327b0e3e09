import type { Command } from '../command.ts';
import { anovaCommand } from './anova.ts';
import { checkCommand } from './check.ts';
import { combineCommand } from './combine.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { contrastCommand } from './contrast.ts';
import { describeCommand } from './describe.ts';
import { effectsCommand } from './effects.ts';
import { exportCommand } from './export.ts';
import { extendCommand } from './extend.ts';
import { fitCommand } from './fit.ts';
import { hypothesisCommand } from './hypothesis.ts';
import { iccCommand } from './icc.ts';
import { influenceCommand } from './influence.ts';
import { kfoldCommand } from './kfold.ts';
import { looCommand } from './loo.ts';
import { marginsCommand } from './margins.ts';
import { mlCommand } from './ml.ts';
import { plotCommand } from './plot.ts';
import { poststratifyCommand } from './poststratify.ts';
import { predictCommand } from './predict.ts';
import { predictiveCheckCommand } from './predictiveCheck.ts';
import { ranksCommand } from './ranks.ts';
import { reportCommand } from './report.ts';
import { residualsCommand } from './residuals.ts';
import { resumeCommand } from './resume.ts';
import { rSquaredCommand } from './rSquared.ts';
import { shrinkageCommand } from './shrinkage.ts';
import { sqlCommand } from './sql.ts';
import { summaryCommand } from './summary.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  fitCommand,
  resumeCommand,
  extendCommand,
  combineCommand,
  summaryCommand,
  checkCommand,
  shrinkageCommand,
  plotCommand,
  reportCommand,
  ranksCommand,
  predictCommand,
  poststratifyCommand,
  effectsCommand,
  marginsCommand,
  rSquaredCommand,
  iccCommand,
  compareCommand,
  looCommand,
  kfoldCommand,
  predictiveCheckCommand,
  residualsCommand,
  influenceCommand,
  hypothesisCommand,
  contrastCommand,
  mlCommand,
  anovaCommand,
  describeCommand,
  sqlCommand,
  exportCommand,
  completionCommand(() => commands),
];
