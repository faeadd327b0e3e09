import { commandLines } from './commandLine.ts';
import { csvTexts } from './csvText.ts';
import { dataFrames } from './dataFrames.ts';
import { fitJsons } from './fitJson.ts';
import { formulaTexts } from './formulaText.ts';
import { graphJsons } from './graphJson.ts';
import type { FuzzedInput } from './input.ts';
import { optionObjects } from './optionObjects.ts';

/** Hides the type of an input's cases, which nobody outside its file needs. */
function input<T>(given: FuzzedInput<T>): FuzzedInput {
  return given as FuzzedInput<unknown> as FuzzedInput;
}

/** Every kind of input that is fuzzed. */
export const fuzzedInputs: readonly FuzzedInput[] = [
  input(formulaTexts),
  input(csvTexts),
  input(graphJsons),
  input(fitJsons),
  input(optionObjects),
  input(dataFrames),
  input(commandLines),
];
