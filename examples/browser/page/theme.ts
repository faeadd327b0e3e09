import type { Theme } from '../../../src/plots/index.ts';

/** The button that changes between light and dark, from what the system asks for; told of every change. */
export function themeButton(button: HTMLElement, changed: (theme: Theme) => void): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  let chosen: 'light' | 'dark' | null = null;
  const show = () => {
    const now = chosen ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset['theme'] = now;
    button.textContent = now === 'dark' ? 'Light' : 'Dark';
    changed(now);
  };
  button.addEventListener('click', () => {
    chosen = (chosen ?? (system.matches ? 'dark' : 'light')) === 'dark' ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
}
