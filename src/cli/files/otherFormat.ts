import { ModelError } from '../../errors.ts';

/** How files of other programs begin, and what is to be done with them. */
const FORMATS: readonly (readonly [string, string])[] = [
  ['PK\u0003\u0004', 'a packed file, as spreadsheets are (xlsx, ods); save the sheet as CSV'],
  ['PAR1', 'a Parquet file; --data and --newdata read it where its name ends in .parquet'],
  ['ARROW1', 'an Arrow file; write it as CSV, in R by write.csv(arrow::read_feather(path), path, row.names = FALSE)'],
  ['RDX', "a file of R's save(); write the table as CSV, by write.csv(table, path, row.names = FALSE)"],
  ['X\n\u0000\u0000', "a file of R's saveRDS(); write it as CSV, by write.csv(readRDS(path), path, row.names = FALSE)"],
  ['<stata_dta>', 'a Stata file; write it as CSV, in Stata by export delimited'],
  ['$FL', 'an SPSS file; save it as CSV'],
  ['SQLite format 3', 'an SQLite database; write the table as CSV, by sqlite3 -header -csv'],
  ['%PDF', 'a PDF; the table must be saved as CSV'],
];

const IN_PYTHON =
  "python -c \"import xarray as x, json; json.dump({g: {k: v.values.tolist() for k, v in x.open_dataset('draws.nc', group=g).data_vars.items() if v.dtype.kind in 'bif'} for g in ('posterior', 'sample_stats')}, open('draws.json', 'w'))\"";
const IN_R = 'writeLines(jsonlite::toJSON(posterior::as_draws_list(draws), digits = NA), "draws.json")';

/** How files of draws of other programs begin that are not text. */
const DRAWS_FORMATS: readonly (readonly [string, string])[] = [
  ['\ufffdHDF', `a NetCDF or HDF5 file (PyMC, ArviZ); write it as JSON: ${IN_PYTHON}`],
  ['CDF', `a NetCDF file (PyMC, ArviZ); write it as JSON: ${IN_PYTHON}`],
  ['RDX', `a file of R's save(); write the draws as JSON: ${IN_R}`],
  ['X\n\u0000\u0000', `a file of R's saveRDS(); write the draws as JSON: ${IN_R}`],
  [
    'PAR1',
    "a Parquet file; write it as CSV: python -c \"import pandas; pandas.read_parquet('draws.parquet').to_csv('draws.csv', index=False)\"",
  ],
  [
    'ARROW1',
    "an Arrow file; write it as CSV: python -c \"import pandas; pandas.read_feather('draws.arrow').to_csv('draws.csv', index=False)\"",
  ],
];

/** The same for draws, with the line that writes the file as one that is read. */
export function refuseOtherDraws(head: string, where: string): void {
  const found = DRAWS_FORMATS.find(([start]) => head.startsWith(start));
  if (found === undefined) return;
  throw new ModelError('file-format', where, `${where} is ${found[1]}`);
}

/** Throws ModelError `file-format` where a text begins as a file of another program does; `where` names the file. */
export function refuseOtherFormat(head: string, where: string): void {
  const found = FORMATS.find(([start]) => head.startsWith(start));
  if (found === undefined) return;
  throw new ModelError('file-format', where, `${where} is ${found[1]}; read are CSV, JSON rows, NDJSON and Parquet`);
}
