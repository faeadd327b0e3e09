/** The rows of each group by occasion. */
export function rowsInOrder(index: Int32Array, occasion: Int32Array, J: number): Int32Array[] {
  const lists = Array.from({ length: J }, (): number[] => []);
  for (let i = 0; i < index.length; i++) lists[index[i]!]!.push(i);
  return lists.map((rows) => Int32Array.from(rows).sort((a, b) => occasion[a]! - occasion[b]! || a - b));
}
