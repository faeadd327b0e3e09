import { ChainFailure, ModelError } from '../../../src/index.ts';
import type { Fault, Name, Reply, Request } from '../protocol.ts';
import { faultPlace } from './faultPlace.ts';
import { withLate } from './late.ts';
import { Session } from './session.ts';

// Everything that takes time runs in this worker: reading, both engines, the making of pictures. The page draws what it
// is sent.
const scope = globalThis as unknown as {
  postMessage(message: Reply): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Request }) => void): void;
};

const session = new Session(
  (news) => scope.postMessage({ news }),
  () => new Worker(new URL('chains.js', import.meta.url), { type: 'module' }),
);

scope.addEventListener('message', ({ data: { id, name, argument } }) => {
  answerTo(name, argument).then(
    (value) => scope.postMessage({ id, value }),
    (error: unknown) => scope.postMessage({ id, fault: faultOf(error, argument) }),
  );
});

async function answerTo(name: Name, argument: unknown): Promise<unknown> {
  const methods = session as unknown as Record<Name, (given: unknown) => unknown>;
  return withLate(() => methods[name](argument));
}

/** A fault as a sentence. What is no ModelError is a fault of the program or of the machine, and says so. */
function faultOf(error: unknown, argument: unknown): Fault {
  if (error instanceof ChainFailure) return { sentence: error.message, expected: true, code: 'chain-failure' };
  if (error instanceof ModelError) {
    const { formula } = (argument ?? {}) as { readonly formula?: unknown };
    const place = typeof formula === 'string' ? faultPlace(formula, error) : null;
    return { sentence: error.message, expected: true, code: error.code, place };
  }
  const what = error instanceof Error ? error.message : String(error);
  const memory = error instanceof RangeError && /alloc|length|memory/i.test(what);
  if (memory) {
    const sentence = `The browser has no memory left for this: ${what}. Fewer rows or fewer draws may fit.`;
    return { sentence, expected: true, code: 'memory' };
  }
  return { sentence: what, expected: false, code: '' };
}
