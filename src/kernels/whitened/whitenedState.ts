import type { Design } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { gather, scatter } from '../../products/crossProducts.ts';
import type { State } from '../kernel.ts';
import { covarianceReader } from '../marginal/covarianceReader.ts';
import { covarianceWriter } from '../marginal/covarianceWriter.ts';
import { covarianceParameters } from '../modelSetting.ts';
import { zetaOf } from './ownAxis.ts';
import type { WhitenedFactor } from './whitenedMap.ts';
import type { WhitenedModel } from './whitenedModel.ts';

/** The way from a state to the coordinates of a whitened model and back; neither allocates. */
export interface WhitenedState {
  /** The entries that `write` fills. */
  readonly names: readonly string[];
  /** Covariances and the family's own parameter as the model's phi; coefficients, with thresholds, as its x. */
  read(state: State, model: WhitenedModel, phi: Float64Array, x: Float64Array): void;
  /** The place where a factor was last evaluated, and coefficients x, into the state. */
  write(state: State, model: WhitenedModel, factor: WhitenedFactor, x: Float64Array): void;
}

/** Of a design (rows or cells) without sigma. */
export function whitenedState(design: Design): WhitenedState {
  const writer = covarianceWriter(design.groupTerms);
  const readCovariances = covarianceReader(design.groupTerms);
  const uNames = design.groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const parameter = estimatedParameter(design);
  const covariances = covarianceParameters(design);
  const own = parameter ?? (design.response.levels ? 'threshold' : null);
  const ordered = familyOf(design).ordered !== undefined;
  const coefficients = new Float64Array(design.p + (design.response.levels?.length ?? 1) - 1);
  return {
    names: [...writer.names, ...uNames, 'beta', ...(own === null ? [] : [own])],
    read(state, { products, start, axis }, phi, x) {
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      if (ordered) {
        const thresholds = state.at['threshold']!;
        for (let k = 0; k < start.length; k += 1) coefficients[k] = thresholds[k]! - start[k]!;
        coefficients.set(state.at['beta']!, start.length);
      }
      gather(products, views, ordered ? coefficients : state.at['beta']!, x);
      readCovariances(state, phi);
      if (axis) phi[covariances] = zetaOf(axis, state.at[axis.parameter]![0]!);
    },
    write(state, { products, start }, factor, x) {
      writer.write(factor.target, state, 1);
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      if (ordered) {
        const thresholds = state.at['threshold']!;
        scatter(products, x, views, coefficients);
        for (let k = 0; k < start.length; k += 1) thresholds[k] = start[k]! + coefficients[k]!;
        state.at['beta']!.set(coefficients.subarray(start.length));
      } else scatter(products, x, views, state.at['beta']!);
      if (parameter) state.at[parameter]![0] = factor.own!;
    },
  };
}
