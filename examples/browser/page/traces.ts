import type { ChainNews } from '../protocol.ts';

/** Draws of one quantity, a line for each chain, as they come. */
export function traces(canvas: HTMLCanvasElement, news: ChainNews['traces']): void {
  canvas.hidden = news === null;
  const context = canvas.getContext('2d');
  if (!news || !context) return;
  const style = getComputedStyle(document.documentElement);
  const all = news.chains.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  context.clearRect(0, 0, canvas.width, canvas.height);
  news.chains.forEach((chain, k) => {
    context.strokeStyle = style.getPropertyValue(`--chain${(k % 4) + 1}`).trim() || 'gray';
    context.lineWidth = 1;
    context.beginPath();
    chain.forEach((value, i) => {
      const x = (i / Math.max(1, chain.length - 1)) * canvas.width;
      const y = canvas.height - 2 - ((value - low) / (high - low || 1)) * (canvas.height - 4);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
  });
}
