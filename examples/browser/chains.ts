// What a worker of the chains runs.
import '../../src/run/worker.ts';
