/**
 * The graph of a symmetric matrix made of blocks: node i stands for `widths[i]` neighbouring rows, and two nodes are
 * joined where the block between them is not 0. Node i's neighbours are neighbours[start[i]] .. neighbours[start[i + 1]
 * - 1], each joined both ways, none to itself.
 */
export interface NodeGraph {
  readonly widths: Int32Array;
  readonly start: Int32Array;
  readonly neighbours: Int32Array;
}
