import { check, type Fit, summarize } from '../../../src/index.ts';
import type { Verdict } from '../protocol.ts';

/** The verdict of the library on draws, for the pill: its findings are its own sentences. */
export function verdict(fit: Fit, seconds: number): Verdict {
  const result = check(fit);
  const rows = summarize(fit, { variables: fit.draws.variables.map(({ name }) => name) });
  let [rhat, ess] = [1, Number.POSITIVE_INFINITY];
  for (const row of rows) {
    if (row.rhat > rhat) rhat = row.rhat;
    if (row.essBulk < ess) ess = row.essBulk;
    if (row.essTail < ess) ess = row.essTail;
  }
  const notes = result.findings.length;
  const colour = !result.ok ? 'red' : notes > 0 ? 'amber' : 'green';
  const words = {
    red: 'do not trust these draws',
    amber: `draws are fine, ${notes === 1 ? 'one note' : `${notes} notes`}`,
    green: 'draws can be trusted',
  };
  const findings = result.findings.map(({ variable, message }) => `${variable}: ${message}`);
  return {
    colour,
    words: words[colour],
    findings: [
      ...findings.slice(0, 8),
      ...(findings.length > 8 ? [`and ${findings.length - 8} more, in the report`] : []),
    ],
    rhat,
    ess: Number.isFinite(ess) ? ess : 0,
    draws: fit.sampling.chains * fit.sampling.iterations,
    seconds,
  };
}
