import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * A claim about the toolkit, the command that shows it, and what that command last gave. VALIDATION.md is written from
 * these alone.
 */
export interface Proof {
  /** File name without extension, one word or several joined by hyphens. */
  readonly name: string;
  /** What is claimed, one sentence. */
  readonly claim: string;
  /** The command that shows it, as typed: `npm run calibrate`. */
  readonly command: string;
  /** What it gave, with the numbers, one or a few sentences. */
  readonly verdict: string;
  readonly passed: boolean;
  /** Heads of the table's columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Sentences: what a reader might think is covered here and is not. */
  readonly notCovered: readonly string[];
}

/** A proof as recorded: with the day, the seconds it took and the version of Node. */
export interface RecordedProof extends Proof {
  readonly day: string;
  readonly seconds: number;
  readonly node: string;
}

const folder = new URL('report/', import.meta.url);

/**
 * Writes test/statistical/report/<name>.json, from which VALIDATION.md is made, and returns the path relative to the
 * repository.
 */
export function recordProof(proof: Proof, seconds: number): string {
  mkdirSync(folder, { recursive: true });
  const recorded: RecordedProof = {
    ...proof,
    day: new Date().toISOString().slice(0, 10),
    seconds: Math.round(seconds),
    node: process.version,
  };
  writeFileSync(new URL(`${proof.name}.json`, folder), `${JSON.stringify(recorded, null, 1)}\n`);
  return `test/statistical/report/${proof.name}.json`;
}

/** Every recorded proof, by name. */
export function recordedProofs(): RecordedProof[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as RecordedProof);
}

/** The table of a proof in Markdown. */
export function proofTable({ columns, rows }: Pick<Proof, 'columns' | 'rows'>): string[] {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  const numeric = columns.map((_, j) => rows.length > 0 && rows.every((row) => typeof row[j] === 'number'));
  return [line(columns), line(numeric.map((right) => (right ? '---:' : '---'))), ...rows.map(line)];
}
