import type { ModelFit } from '../../../src/index.ts';
import { type Picture, plotShrinkage } from '../../../src/plots/index.ts';
import type { Answer, GroupName } from '../protocol.ts';
import type { GroupFacts } from './groupFacts.ts';
import { story, toldOf } from './story.ts';

/** What the page shows of a fit of either engine. */
export function answer(
  fit: ModelFit,
  facts: GroupFacts | null,
  {
    rowsOf,
    units,
    messages,
    milliseconds,
  }: {
    rowsOf: (level: string) => number;
    units: Readonly<Record<string, string>>;
    messages: readonly string[];
    milliseconds: number;
  },
): Answer {
  const likelihood = fit.kind === 'maximumLikelihood';
  const first = facts?.rows.filter(({ term }) => term === facts.terms[0]) ?? [];
  return {
    by: likelihood ? 'estimate' : 'posterior',
    label: likelihood
      ? ({ REML: 'REML', ML: 'maximum likelihood', laplace: 'Laplace', agq: 'quadrature' } as const)[fit.method]
      : 'posterior',
    family: fit.design.response.family,
    factors: fit.design.groupTerms.map(({ factor }) => factor),
    factor: facts?.factor ?? null,
    picture: facts && withoutRows(plotShrinkage(fit, facts.factor, { units })),
    groups: first.map(({ level, n }): GroupName => ({ level, n, rows: rowsOf(level) })),
    first: first.some(({ n }) => n > 0) ? toldOf(first.filter(({ n }) => n > 0)).first.level : null,
    story: facts ? story(facts) : [],
    messages: [
      ...(fit.design.dropped > 0
        ? [
            `${fit.design.dropped === 1 ? '1 row with a missing value is' : `${fit.design.dropped} rows with missing values are`} left out.`,
          ]
        : []),
      ...(facts
        ? []
        : ['Nothing varies by group in this model, so there is nothing to pool: add a part such as (1 | group).']),
      ...messages,
    ],
    noun: facts?.noun[1] ?? 'rows',
    milliseconds,
  };
}

/** A picture as it is sent to the page: its numbers stay here, as thousands of groups take long to copy. */
export function withoutRows(picture: Picture): Picture {
  return { ...picture, rows: [] };
}
