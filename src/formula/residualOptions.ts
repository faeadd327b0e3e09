import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { familyNamed } from '../families/familyOf.ts';
import type { ResidualStructure } from '../graph/node.ts';
import type { Term } from './expression.ts';
import { havers } from './familyParameters.ts';
import type { FormulaTree } from './parser.ts';
import { readResidualOption, readSigmaOption } from './residualOption.ts';

/** What the options `residual` and `sigma` say of the residuals. */
export interface Residuals {
  readonly residual?: ResidualStructure;
  readonly sigmaTerms?: readonly Term[];
  readonly sigmaBy?: string;
}

/**
 * Reads `residual` and `sigma`, which a family without them, or known standard errors, do not take. Throws
 * `unknown-option`, `residual`, `formula-syntax`.
 */
export function residualOptions(
  { se }: Pick<FormulaTree, 'se'>,
  family: FamilyName,
  { residual, sigma }: { readonly residual?: string; readonly sigma?: string },
): Residuals {
  for (const [name, part, given] of [
    ['residual', 'residual', residual],
    ['sigma', 'sigmaTerms', sigma],
  ] as const) {
    if (given === undefined) continue;
    const why = !familyNamed(family).parts.includes(part)
      ? `${name} belongs to ${havers(part)}, and the family is ${family}`
      : se && `${name} is about residuals of unknown sd, and with se(...) it is known: give one`;
    if (why) throw new ModelError('unknown-option', 'formula', `formula: ${why}`);
  }
  const sds = sigma === undefined ? null : readSigmaOption(sigma);
  return {
    ...(residual === undefined ? {} : { residual: readResidualOption(residual) }),
    ...(sds && sds.terms.length > 0 ? { sigmaTerms: sds.terms } : {}),
    ...(sds && sds.by !== null ? { sigmaBy: sds.by } : {}),
  };
}
