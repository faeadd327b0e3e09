import type { ProbeErrors } from './maximumLikelihoodFit.ts';

/** What a fit by probes says of its precision: one sentence, or none where determinants are exact. */
export function probeSentences(
  groups: readonly { readonly factor: string; readonly labels: readonly string[] }[],
  errors: ProbeErrors | null,
): string[] {
  if (errors === null) return [];
  const { probes, deviance, tau, sigma } = errors;
  const sds = groups.flatMap(({ factor, labels }, f) =>
    labels.map((label, k) => `tau_${factor}[${label}] ${tau[f]![k]!.toPrecision(2)}`),
  );
  if (sigma !== null) sds.push(`sigma ${sigma.toPrecision(2)}`);
  return [
    `approximation: probes: the factors are crossed and too large to factor their matrix, so that log-determinants are means over ${probes} probes; Monte Carlo standard errors: deviance ${deviance.toPrecision(2)}, ${sds.join(', ')}`,
  ];
}
