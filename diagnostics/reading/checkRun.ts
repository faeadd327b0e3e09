import { type CheckOptions, type CheckResult, check } from '../check.ts';
import { checkObject } from '../checkObject.ts';
import { samplerFindings } from './samplerFindings.ts';
import type { SamplerRun } from './samplerRun.ts';

/**
 * The verdict of `check` on the draws of a run, with what its sampler reports: divergent transitions and low E-BFMI are
 * problems, trees at their largest depth a note (`samplerFindings`). Throws as `check` does.
 */
export function checkRun(run: SamplerRun, options: CheckOptions = {}): CheckResult {
  checkObject(run, 'run', 'readRun(source)', 'variables', 'sampler');
  const verdict = check(run.variables, options);
  const found = samplerFindings(run.sampler);
  return {
    ...verdict,
    ok: verdict.ok && found.every(({ severity }) => severity === 'note'),
    findings: [...found, ...verdict.findings],
  };
}
