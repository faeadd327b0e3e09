import { fixef, type ModelFit, varCorr } from '../src/index.ts';
import { table } from '../src/report/table.ts';

/** A number of a published analysis, or the truth of a simulation, beside ours. */
export interface Comparison {
  readonly what: string;
  /** As printed: `'1.4628'` says by its digits how near ours has to be. */
  readonly published: string;
  readonly ours: number;
  /**
   * How far ours may lie from it where the digits do not say: a truth that was simulated from, or a posterior beside an
   * estimate.
   */
  readonly within?: number;
  /** Why ours differs from what was printed, where it does and should: printed, and no fault. */
  readonly because?: string;
}

/**
 * Prints published numbers, ours and the differences under a title. A number agrees when it rounds to what was printed
 * (or the one beside it in the last digit's half unit, as two programs round), or lies `within`; one that does not, and
 * has no `because`, ends the program with status 1.
 */
export function published(title: string, comparisons: readonly Comparison[]): void {
  const judged = comparisons.map((comparison) => {
    const { published: printed, ours, within } = comparison;
    const decimals = printed.split('.')[1]?.length ?? 0;
    const allowed = within ?? 0.501 * 10 ** -decimals;
    const difference = ours - Number(printed);
    return {
      ...comparison,
      decimals: decimals + (within === undefined ? 1 : 0),
      allowed,
      difference,
      agrees: Math.abs(difference) <= allowed,
    };
  });
  const column = (title: string, cells: readonly string[]) => ({ title, cells });
  console.log(`\n${title}\n`);
  console.log(
    table([
      { title: '', cells: judged.map(({ what }) => what), align: 'left' },
      column(
        'published',
        judged.map(({ published: printed }) => printed),
      ),
      column(
        'ours',
        judged.map(({ ours, decimals }) => ours.toFixed(decimals)),
      ),
      column(
        'difference',
        judged.map(({ difference }) => (difference === 0 ? '0' : difference.toExponential(0))),
      ),
      column(
        'allowed',
        judged.map(({ allowed }) => String(Number(allowed.toPrecision(2)))),
      ),
      {
        title: '',
        cells: judged.map(({ agrees, because }) => (agrees ? '' : because ? 'see below' : 'DIFFERS')),
        align: 'left',
      },
    ]),
  );
  const explained = judged.filter(({ because, agrees }) => because && !agrees);
  for (const reason of new Set(explained.map(({ because }) => because))) {
    const those = explained.filter(({ because }) => because === reason).map(({ what }) => what);
    console.log(`\n${those.join(', ')}: ${reason}`);
  }
  if (judged.some(({ agrees, because }) => !agrees && !because)) process.exitCode = 1;
}

/** An estimate and its standard error beside printed ones, `'1.4628 (.0539)'`. */
export function publishedEstimate(
  what: string,
  printed: string,
  ours: { readonly estimate: number; readonly se: number },
): Comparison[] {
  const [value, error] = printed.split(/[ ()]+/);
  return [
    { what, published: value!, ours: ours.estimate },
    ...(error ? [{ what: '  standard error', published: error, ours: ours.se }] : []),
  ];
}

/** The coefficients of a fit beside printed ones, in the order of `fixef`; `where` goes before their names. */
export function publishedFixef(fit: ModelFit, printed: readonly string[], where = ''): Comparison[] {
  const rows = fixef(fit);
  return printed.flatMap((text, c) => publishedEstimate(`${where}${rows[c]!.term}`, text, rows[c]!));
}

/**
 * Sds and correlations of a fit beside printed ones, in the order of `varCorr`; with 'variance', the printed sds are
 * variances. Factors are named where there are several.
 */
export function publishedVarCorr(
  fit: ModelFit,
  printed: readonly string[],
  scale: 'sd' | 'variance' = 'sd',
): Comparison[] {
  return printed.map((text, k) => {
    const { factor, term1, term2, sd, corr } = varCorr(fit)[k]!;
    const of = fit.design.groupTerms.length > 1 ? `${factor} ` : '';
    const where = term1 === null ? factor.toLowerCase() : `${of}${term1}${term2 === null ? '' : ` with ${term2}`}`;
    const ours = term2 === null ? sd! ** (scale === 'sd' ? 1 : 2) : corr!;
    return { what: `${term2 === null ? scale : 'correlation'}: ${where}`, published: text, ours };
  });
}
