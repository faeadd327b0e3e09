/** Twelve rows in four groups: small, and right in every respect. */
export const rows = {
  y: [1.2, 2.1, 4.4, 3.2, 5.1, 4.3, 8.5, 7.2, 9.1, 2.2, 1.1, 3.3],
  x: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0.5, 1.5, 2.5],
  g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'],
  h: ['u', 'v', 'u', 'v', 'u', 'v', 'u', 'v', 'u', 'v', 'u', 'v'],
  w: [1, 1, 1, 2, 2, 2, 4, 4, 4, 3, 3, 3],
  s: [0.5, 0.4, 0.6, 0.5, 0.4, 0.6, 0.5, 0.4, 0.6, 0.5, 0.4, 0.6],
  k: [0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0],
};

/** The group table of `g`. */
export const groupTable = { g: ['a', 'b', 'c', 'd'], size: [10, 25, 30, 7] };
