import { type Picture, toSvg } from '../../../src/plots/index.ts';
import type { Download } from '../protocol.ts';
import { element } from './element.ts';

/** Hands a text to the browser as a file. */
export function save({ name, type, text }: Download): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The picture in view as a file that looks the same anywhere. */
export function saveSvg(picture: Picture): void {
  save({ name: `${picture.name}.svg`, type: 'image/svg+xml', text: toSvg(picture, { width: 900 }) });
}

/** The same as pixels, two to each of the drawing. */
export async function savePng(picture: Picture): Promise<void> {
  const address = URL.createObjectURL(
    new Blob([toSvg(picture, { width: 900, theme: 'light' })], { type: 'image/svg+xml' }),
  );
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = element('canvas', { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob) saveBlob(`${picture.name}.png`, blob);
  } finally {
    URL.revokeObjectURL(address);
  }
}
