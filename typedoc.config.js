import { relative } from 'node:path';
import { Comment, CommentTag, Converter } from 'typedoc';

/** The task that the names of a room serve; the first that a path begins with. */
const TASKS = [
  ['src/formula', 'Models'],
  ['src/graph', 'Models'],
  ['models', 'Models'],
  ['src/families', 'Models'],
  ['src/priors', 'Models'],
  ['src/design', 'Models'],
  ['src/data', 'Data'],
  ['src/reduction', 'Data'],
  ['src/datasets', 'Data'],
  ['src/report/tableAccount', 'Data'],
  ['src/run', 'Sampling'],
  ['src/mcmc', 'Sampling'],
  ['src/kernels', 'Sampling'],
  ['src/random', 'Sampling'],
  ['src/likelihood', 'Maximum likelihood'],
  ['src/summary/checks', 'Checks'],
  ['src/summary/comparison', 'Questions and comparisons'],
  ['src/summary/pooling', 'Partial pooling'],
  ['src/summary/prediction', 'Prediction'],
  ['src/summary/effects', 'Effects and explained variance'],
  ['src/summary/variance', 'Effects and explained variance'],
  ['src/summary', 'Estimates'],
  ['src/files', 'Files'],
  ['src/report/toArviz', 'Files'],
  ['src/report', 'Texts and reports'],
  ['src/plots', 'Pictures'],
  ['diagnostics/reading', 'Draws of other programs'],
  ['diagnostics', 'Diagnostics'],
  ['src', 'What all of them use'],
];

/** The entries as a program imports them. */
const ENTRIES = {
  src: 'partial-pooling',
  models: 'partial-pooling/models',
  diagnostics: 'partial-pooling/diagnostics',
  'src/plots': 'partial-pooling/plots',
  'src/report/html': 'partial-pooling/report',
  'src/datasets': 'partial-pooling/data',
  'src/reduction': 'partial-pooling/database',
};

/** Puts every public name under the task of the room that its file is in. */
function byTask(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.parent?.isProject() && !reflection.parent?.kindOf(2)) return;
    const file = context.getSymbolFromReflection(reflection)?.declarations?.[0]?.getSourceFile().fileName;
    if (file === undefined) return;
    const path = relative(import.meta.dirname ?? process.cwd(), file);
    const task = TASKS.find(([room]) => path.startsWith(room))?.[1];
    if (task === undefined) throw new Error(`${path} belongs to no task: see typedoc.config.js`);
    reflection.comment ??= new Comment();
    reflection.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: task }]));
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const entry of project.children ?? []) entry.name = ENTRIES[entry.name] ?? entry.name;
  });
}

export default {
  name: 'partial-pooling',
  entryPoints: [
    'src/index.ts',
    'models/index.ts',
    'diagnostics/index.ts',
    'src/plots/index.ts',
    'src/report/html/index.ts',
    'src/datasets/index.ts',
    'src/reduction/index.ts',
  ],
  out: 'docs',
  readme: 'none',
  plugin: [byTask],
  categorizeByGroup: false,
  categoryOrder: ['Models', 'Data', 'Sampling', 'Maximum likelihood', 'Checks', 'Estimates', 'Partial pooling', '*'],
  sort: ['kind', 'alphabetical'],
  kindSortOrder: ['Function', 'Variable', 'Class', 'Interface', 'TypeAlias'],
  disableSources: true,
  treatWarningsAsErrors: true,
  // Inner parts that a type of the kernels' contract or of a plan mentions; nobody outside calls them.
  intentionallyNotExported: ['CrossProducts', 'Recording', 'Pausing', 'MovingPriors', 'MEASURES'],
};
