/** Sixteen voters in four states and one state with a table row alone; state d votes alike. */
export const voters = {
  rows: {
    vote: [1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0],
    income: [-2, -1, 0, 1, 2, -2, 0, 1, 2, -1, 0, 1, -1, 0, 2, 1],
    state: ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'c', 'c', 'c', 'c', 'd', 'd', 'd', 'a'],
    choice: ['R', 'D', 'R', 'R', 'D', 'D', 'R', 'D', 'R', 'D', 'D', 'R', 'R', 'R', 'R', 'D'],
  },
  groups: {
    state: {
      state: ['a', 'b', 'c', 'd', 'e'],
      avg: [0.5, -1, 0.2, 0.4, -0.1],
      region: ['N', 'S', 'N', 'S', 'S'],
    },
  },
};

/** Counted successes in four herds, and how many animals each row has. */
export const herds = {
  rows: {
    sick: [2, 0, 5, 1, 3, 4, 0, 6],
    size: [14, 12, 9, 5, 22, 18, 7, 10],
    period: [1, 2, 1, 2, 1, 2, 1, 2],
    herd: ['h1', 'h1', 'h2', 'h2', 'h3', 'h3', 'h4', 'h4'],
  },
};

export const inverseLogit = (eta: number): number => 1 / (1 + Math.exp(-eta));
