/** Longer names are compared by their beginnings, so that a long name costs no time. */
const compared = 40;

/** Levenshtein's distance: the fewest insertions, deletions and replacements of a character that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/** `editDistance`, save that a beginning of the name (`iter` of `iterations`) is as near as one wrong character. */
function distanceTo(target: string, name: string): number {
  const distance = editDistance(target, name);
  return target.length >= 3 && name.startsWith(target) ? Math.min(1, distance) : distance;
}

/** Up to `count` of `names`, those nearest in spelling to `name` first (ties in the order given). */
export function nearestNames(name: string, names: readonly string[], count = 3): readonly string[] {
  return ranked(name, names)
    .slice(0, count)
    .map((entry) => entry.candidate);
}

/**
 * Those of the nearest names that `name` may be a misspelling of: at most two or half of its characters are to be
 * changed.
 */
export function likelyNames(name: string, names: readonly string[], count = 3): readonly string[] {
  const largest = Math.max(2, Math.min(name.length, compared) / 2);
  return ranked(name, names)
    .filter(({ distance }) => distance <= largest)
    .slice(0, count)
    .map((entry) => entry.candidate);
}

interface Ranked {
  readonly candidate: string;
  readonly position: number;
  readonly distance: number;
}

function ranked(name: string, names: readonly string[]): Ranked[] {
  const target = name.slice(0, compared).toLowerCase();
  return names
    .map((candidate, position) => ({
      candidate,
      position,
      distance: distanceTo(target, candidate.slice(0, compared).toLowerCase()),
    }))
    .sort((a, b) => a.distance - b.distance || a.position - b.position);
}
