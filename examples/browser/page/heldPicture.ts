import type { Mark, Picture } from '../../../src/plots/index.ts';
import type { Path } from '../protocol.ts';

/** A picture on the axes of another, so that what moves is the groups and not the ground. */
export function onAxesOf(picture: Picture, ground: Picture | null): Picture {
  const axes = ground?.panels[0];
  const panel = picture.panels[0];
  if (!axes || !panel || axes.x.label !== panel.x.label) return picture;
  const wide = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [
    Math.min(a[0], b[0]),
    Math.max(a[1], b[1]),
  ];
  return {
    ...picture,
    panels: [
      {
        ...panel,
        x: { ...panel.x, domain: wide(axes.x.domain, panel.x.domain) },
        y: { ...panel.y, domain: wide(axes.y.domain, panel.y.domain) },
      },
    ],
  };
}

/** The picture of shrinkage with the spread between groups held at a step of a path: dots move, and their arrows. */
export function heldAt(picture: Picture, path: Path, step: number): Picture {
  const panel = picture.panels[0];
  if (!panel?.marks.some((mark) => mark.kind === 'dots' && mark.role === 'partial')) return picture;
  const at = (key: string | undefined): number | null =>
    key !== undefined && Object.hasOwn(path.coefficients, key) ? path.coefficients[key]![step]! : null;
  // Arrows have no keys: an arrow ends in the dot that stood where it ends.
  const moved = new Map<string, number>();
  for (const mark of panel.marks) {
    if (mark.kind !== 'dots' || mark.role !== 'partial') continue;
    for (const { x, y, key } of mark.points) {
      const to = at(key);
      if (to !== null) moved.set(`${x} ${y}`, to);
    }
  }
  const marks = panel.marks.flatMap((mark): Mark[] => {
    if (mark.kind === 'dots' && mark.role === 'partial')
      return [{ ...mark, points: mark.points.map((point) => ({ ...point, y: at(point.key) ?? point.y })) }];
    if (mark.kind !== 'segments') return [mark];
    // Intervals are those of the estimate: held, there are none.
    if (mark.role === 'partial') return [];
    return [
      {
        ...mark,
        segments: mark.segments.map((segment) => ({
          ...segment,
          y2: moved.get(`${segment.x2} ${segment.y2}`) ?? segment.y2,
        })),
      },
    ];
  });
  return { ...picture, panels: [{ ...panel, marks }] };
}
