/** 60 rows of 12 groups with an exposure from 0.5 to 3, one group without an event. */
export const smallCounts = (() => {
  const x = Array.from({ length: 60 }, (_, i) => ((7 * i) % 5) - 2);
  const t = x.map((_, i) => 0.5 * (1 + (i % 6)));
  const g = x.map((_, i) => `g${String(i % 12).padStart(2, '0')}`);
  const y = x.map((_, i) => (i % 12 === 3 ? 0 : (i * i + 3 * i) % (1 + (i % 12))));
  return { y, x, t, g };
})();
