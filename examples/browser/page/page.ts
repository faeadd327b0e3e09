import { App } from './app.ts';
import { byId } from './element.ts';
import { readLink } from './link.ts';
import { files, starts } from './starts.ts';
import { themeButton } from './theme.ts';

byId('unstarted').remove();
const app = new App();
starts(byId('starts'), (example) => void app.open({ example }));
files(byId('drop'), byId<HTMLInputElement>('file'), (file) => void app.open({ file, name: file.name }));
themeButton(byId('theme'), (theme) => {
  app.theme = theme;
});
byId('tour-start').addEventListener('click', () => {
  void import('./tour.ts').then(({ tour }) => tour((example) => app.open({ example })));
});
const link = readLink(location.hash);
if (link.example !== null) void app.open({ example: link.example }, link);
// The page works without it, as from a file or over plain http: then it needs the network again.
if ('serviceWorker' in navigator && location.protocol !== 'file:')
  navigator.serviceWorker.register('offline.js').catch(() => {});
