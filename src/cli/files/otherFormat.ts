import { ModelError } from '../../errors.ts';

/** How files of other programs begin, each with bytes that no header has, and what is to be done with them. */
type Format = readonly [starts: readonly string[], words: string];

const PARQUET = ['PAR1\u0015', 'PAR1\u0000'];
const ARROW = ['ARROW1\u0000'];
const SAVED = ['RDX2\n', 'RDX3\n', 'RDA2\n', 'RDA3\n'];
const SAVED_ALONE = ['X\n\u0000\u0000'];

const FORMATS: readonly Format[] = [
  [['PK\u0003\u0004'], 'a packed file, as spreadsheets are (xlsx, ods); save the sheet as CSV'],
  [PARQUET, 'a Parquet file; --data and --newdata read it where its name ends in .parquet'],
  [ARROW, 'an Arrow file; write it as CSV, in R by write.csv(arrow::read_feather(path), path, row.names = FALSE)'],
  [SAVED, "a file of R's save(); write the table as CSV, by write.csv(table, path, row.names = FALSE)"],
  [SAVED_ALONE, "a file of R's saveRDS(); write it as CSV, by write.csv(readRDS(path), path, row.names = FALSE)"],
  [['<stata_dta>'], 'a Stata file; write it as CSV, in Stata by export delimited'],
  [['$FL2@(#)', '$FL3@(#)'], 'an SPSS file; save it as CSV'],
  [['SQLite format 3\u0000'], 'an SQLite database; write the table as CSV, by sqlite3 -header -csv'],
  [['%PDF-'], 'a PDF; the table must be saved as CSV'],
  [
    ['\ufffdPNG\r\n', '\ufffd\ufffd\ufffd\ufffd\u0000\u0010JFIF', 'GIF87a', 'GIF89a'],
    'a picture; the table must be saved as CSV',
  ],
];

/** Text that is no table. */
const TEXTS: readonly (readonly [start: RegExp, words: string])[] = [
  [
    /^\ufeff?\s*<(?:!doctype|html|\?xml)\b/i,
    'a page or another document of markup (HTML, XML), no table; save the table as CSV',
  ],
  [/^\ufeff?\s*\{\s*"posterior"\s*:\s*\{/, 'a fit, or draws; give the table that was fitted'],
];

const IN_PYTHON =
  "python -c \"import xarray as x, json; json.dump({g: {k: v.values.tolist() for k, v in x.open_dataset('draws.nc', group=g).data_vars.items() if v.dtype.kind in 'bif'} for g in ('posterior', 'sample_stats')}, open('draws.json', 'w'))\"";
const IN_R = 'writeLines(jsonlite::toJSON(posterior::as_draws_list(draws), digits = NA), "draws.json")';

/** How files of draws of other programs begin that are not text. */
const DRAWS_FORMATS: readonly Format[] = [
  [['\ufffdHDF\r\n'], `a NetCDF or HDF5 file (PyMC, ArviZ); write it as JSON: ${IN_PYTHON}`],
  [['CDF\u0001', 'CDF\u0002', 'CDF\u0005'], `a NetCDF file (PyMC, ArviZ); write it as JSON: ${IN_PYTHON}`],
  [SAVED, `a file of R's save(); write the draws as JSON: ${IN_R}`],
  [SAVED_ALONE, `a file of R's saveRDS(); write the draws as JSON: ${IN_R}`],
  [
    PARQUET,
    "a Parquet file; write it as CSV: python -c \"import pandas; pandas.read_parquet('draws.parquet').to_csv('draws.csv', index=False)\"",
  ],
  [
    ARROW,
    "an Arrow file; write it as CSV: python -c \"import pandas; pandas.read_feather('draws.arrow').to_csv('draws.csv', index=False)\"",
  ],
];

/** The same for draws, with the line that writes the file as one that is read. */
export function refuseOtherDraws(head: string, where: string): void {
  const words = wordsFor(head, DRAWS_FORMATS);
  if (words !== undefined) throw new ModelError('file-format', where, `${where} is ${words}`);
}

/** Throws ModelError `file-format` where a text begins as a file of another program does; `where` names the file. */
export function refuseOtherFormat(head: string, where: string): void {
  const words = wordsFor(head, FORMATS) ?? TEXTS.find(([start]) => start.test(head))?.[1];
  if (words === undefined) return;
  throw new ModelError('file-format', where, `${where} is ${words}; read are CSV, JSON rows, NDJSON and Parquet`);
}

function wordsFor(head: string, formats: readonly Format[]): string | undefined {
  return formats.find(([starts]) => starts.some((start) => head.startsWith(start)))?.[1];
}
