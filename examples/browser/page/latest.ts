/**
 * Runs a task again and again, one at a time, and of those that are asked for meanwhile the last alone: what a slider
 * needs.
 */
export function latest<A>(task: (argument: A) => Promise<void>): (argument: A) => void {
  let running = false;
  let next: { readonly argument: A } | null = null;
  const run = async (argument: A): Promise<void> => {
    running = true;
    await task(argument).catch(() => {});
    running = false;
    const waiting = next;
    next = null;
    if (waiting) void run(waiting.argument);
  };
  return (argument) => {
    if (running) next = { argument };
    else void run(argument);
  };
}
