import type { CheckResult } from '../../../diagnostics/check.ts';
import { escapeHtml, listHtml, shortened } from './html.ts';

/** What may be done with the draws. */
export type Trust = 'trusted' | 'care' | 'no';

/** The state of a verdict: notes alone ask for care, one problem says no. */
export function trustOf({ ok, findings }: CheckResult): Trust {
  if (!ok) return 'no';
  return findings.length > 0 ? 'care' : 'trusted';
}

const SENTENCES: Readonly<Record<Trust, string>> = {
  trusted: 'The draws can be trusted.',
  care: 'The draws can be trusted, with care.',
  no: 'Do not use these numbers.',
};

/** Findings that are listed; a bad run has one for every group. */
const MOST = 12;

/** The verdict as a box with a word, a sentence and every finding with what to do. */
export function verdictHtml(result: CheckResult): string {
  const trust = trustOf(result);
  const { rhat, essPerChain } = result.thresholds ?? { rhat: 1.01, essPerChain: 100 };
  const problems = result.findings.filter(({ severity }) => severity === 'problem');
  const notes = result.findings.filter(({ severity }) => severity === 'note');
  const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
  const why = {
    trusted: `Every quantity has an R-hat of at most ${rhat} and the equivalent of at least ${essPerChain} independent draws per chain, and no chain is stuck.`,
    care: `They pass the checks of sampling; ${count(notes.length, 'note')} should be read first.`,
    no: `${count(problems.length, 'problem')} found. What follows in this report may be wrong by any amount until ${problems.length === 1 ? 'it is' : 'they are'} mended.`,
  }[trust];
  const shown = [...problems, ...notes].slice(0, MOST);
  const rest = result.findings.length - shown.length;
  const entries = shown.map(
    ({ severity, message }) =>
      `<strong>${severity === 'note' ? 'Note' : 'Problem'}:</strong> <bdi>${escapeHtml(shortened(message, 900))}</bdi>`,
  );
  return `<div class="verdict ${trust}" role="note"><p><strong>${SENTENCES[trust]}</strong> ${why}</p>${entries.length > 0 ? listHtml(entries) : ''}${rest > 0 ? `<p>And ${rest} more of the same kinds: <code>partial-pooling check FIT.json</code></p>` : ''}</div>`;
}
