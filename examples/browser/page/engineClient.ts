import type { Asked, ChainNews, Fault, Name, Reply, Told } from '../protocol.ts';

/** A sentence of the engine: what is wrong with a table or a model, or `expected` false for a fault of the program. */
export class EngineFault extends Error {
  readonly expected: boolean;
  /** The code of the library's error, or ''. */
  readonly code: string;
  /** The part of the formula that it is about. */
  readonly place: readonly [number, number] | null;
  constructor({ sentence, expected, code, place }: Fault) {
    super(sentence);
    this.expected = expected;
    this.code = code;
    this.place = place ?? null;
  }
}

/** Asks the worker in which the library runs. */
export class EngineClient {
  #worker: Worker | null = null;
  #next = 1;
  #waiting = new Map<number, { resolve: (value: never) => void; reject: (fault: Error) => void }>();
  onNews: (news: ChainNews) => void = () => {};

  /** Rejects with an `EngineFault`. After a crash of the worker the next question starts another. */
  ask<K extends Name>(name: K, ...argument: Asked<K> extends null ? [] : [Asked<K>]): Promise<Told<K>> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#started().postMessage({ id, name, argument: argument[0] ?? null });
    });
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('engine.js', document.baseURI), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#receive(data));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#worker = null;
      worker.terminate();
      const why = event.message ? `: ${event.message}` : ', or could not be loaded';
      for (const { reject } of this.#waiting.values())
        reject(
          new EngineFault({
            sentence: `The computing part of this page has stopped${why}. Open the data again to start another.`,
            expected: false,
            code: '',
          }),
        );
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #receive(reply: Reply): void {
    if ('news' in reply) {
      this.onNews(reply.news);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('fault' in reply) waiting?.reject(new EngineFault(reply.fault));
    else waiting?.resolve(reply.value as never);
  }
}
