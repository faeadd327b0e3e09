import { ChainFailure, ModelError } from '../../../src/index.ts';
import type { Name, Reply, Request } from '../protocol.ts';
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
    (error: unknown) => scope.postMessage({ id, fault: faultOf(error) }),
  );
});

async function answerTo(name: Name, argument: unknown): Promise<unknown> {
  const methods = session as unknown as Record<Name, (given: unknown) => unknown>;
  return methods[name](argument);
}

/** A fault as a sentence. What is no ModelError is a fault of the program or of the machine, and says so. */
function faultOf(error: unknown): { readonly sentence: string; readonly expected: boolean; readonly code: string } {
  if (error instanceof ModelError) return { sentence: error.message, expected: true, code: error.code };
  if (error instanceof ChainFailure) return { sentence: error.message, expected: true, code: 'chain-failure' };
  const what = error instanceof Error ? error.message : String(error);
  const memory = error instanceof RangeError && /alloc|length|memory/i.test(what);
  if (memory) {
    const sentence = `The browser has no memory left for this: ${what}. Fewer rows or fewer draws may fit.`;
    return { sentence, expected: true, code: 'memory' };
  }
  return { sentence: what, expected: false, code: '' };
}
