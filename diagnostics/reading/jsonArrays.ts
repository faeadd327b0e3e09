import { quote, type Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { isArray, isRecord, type Json, jsonNumber } from './jsonValues.ts';

function shapeOf(value: Json | undefined): number[] {
  return isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/** Writes the elements of one draw, last index fastest, into column `draw` of the element series. */
function scatter(
  value: Json | undefined,
  shape: readonly number[],
  series: Float64Array[],
  draw: number,
  place: string,
): void {
  let element = 0;
  const walk = (part: Json | undefined, depth: number): void => {
    if (depth === shape.length) {
      series[element++]![draw] = jsonNumber(part, place);
      return;
    }
    if (!isArray(part) || part.length !== shape[depth]) {
      throw new DiagnosticsError(
        'bad-shape',
        `${place} does not have the dimensions ${shape.join(' x ')} of the first draw`,
      );
    }
    for (const item of part) walk(item, depth + 1);
  };
  walk(value, 0);
}

/**
 * Labels of the elements of an array: the coordinates of its dims where given, else positions from 0 as ArviZ prints
 * them.
 */
function elementNames(
  name: string,
  shape: readonly number[],
  dims: Json | undefined,
  coords: Json | undefined,
): string[] {
  let names = [''];
  shape.forEach((size, axis) => {
    const dim = isArray(dims) ? dims[axis] : undefined;
    const labels = isRecord(coords) && typeof dim === 'string' && Object.hasOwn(coords, dim) ? coords[dim] : undefined;
    const fits = isArray(labels) && labels.length === size;
    names = names.flatMap((prefix) =>
      Array.from({ length: size }, (_, i) => `${prefix}${prefix === '' ? '' : ','}${fits ? String(labels[i]) : i}`),
    );
  });
  return shape.length === 0 ? [name] : names.map((index) => `${name}[${index}]`);
}

/** One named array [chain][draw][...dims] as one variable per element. Throws `bad-shape`. */
export function arrayDraws(name: string, value: Json, dims?: Json, coords?: Json): Variable[] {
  if (isArray(value) && value.length === 0) {
    throw new DiagnosticsError(
      'bad-shape',
      `${quote(name)} is not an array of chains, it is empty; R's rvars are written so, without their draws: write toJSON(as_draws_list(draws), digits = NA)`,
    );
  }
  if (!isArray(value) || !value.every((chain) => isArray(chain) && chain.length > 0)) {
    throw new DiagnosticsError(
      'bad-shape',
      `${quote(name)} is not an array of chains, each an array of draws: [chain][draw][...]`,
    );
  }
  const chains = value as readonly (readonly Json[])[];
  const shape = shapeOf(chains[0]![0]);
  const size = shape.reduce((product, length) => product * length, 1);
  const series = chains.map((chain) => Array.from({ length: size }, () => new Float64Array(chain.length)));
  chains.forEach((chain, c) => {
    for (let s = 0; s < chain.length; s++) {
      scatter(chain[s], shape, series[c]!, s, `draw ${s + 1} of chain ${c + 1} of ${quote(name)}`);
    }
  });
  return elementNames(name, shape, dims, coords).map((variable, e) => ({
    name: variable,
    chains: series.map((elements) => elements[e]!),
  }));
}

/**
 * An array without a name, called "draws": [chain][draw][...dims], or R's draws_array [iteration][chain][variable],
 * which has more iterations than chains. Throws `bad-shape` for a matrix of more rows than columns: chains by draws and
 * draws by quantities look alike.
 */
export function unnamedDraws(value: readonly Json[]): Variable[] {
  const [rows = 0, columns = 0, ...rest] = shapeOf(value);
  if (rows <= columns || rest.length > 1 || !value.every(isArray)) return arrayDraws('draws', value);
  if (rest.length === 0) {
    throw new DiagnosticsError(
      'bad-shape',
      `the draws are ${rows} arrays of ${columns}, which would be ${rows} chains of ${columns} draws; give [[draws of chain 1], [draws of chain 2]], and quantities by their names: { mu: [[...], [...]] }, in R toJSON(as_draws_list(draws), digits = NA)`,
    );
  }
  const chains = Array.from({ length: columns }, (_, c) => value.map((row) => (row as readonly Json[])[c]!));
  return arrayDraws('draws', chains);
}
