import { ModelError } from '../src/errors.ts';

/** The ModelError that a call throws; another error passes, and a call that throws none is a fault of its own. */
export function faultOf(call: () => unknown): ModelError {
  try {
    call();
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
