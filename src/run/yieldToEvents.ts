/** Where the host has it (Node), the queue after input and output; the types name what is used. */
const host = globalThis as { setImmediate?: (resume: () => void) => unknown };

/** Resolves when the host has had a turn to handle other events: timers, input, messages, painting. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resume) => {
    if (host.setImmediate) host.setImmediate(resume);
    else setTimeout(resume, 0);
  });
}
