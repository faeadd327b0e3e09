import { byId } from './element.ts';
import type { EngineClient } from './engineClient.ts';
import type { PictureView } from './pictureView.ts';
import { tableView } from './results.ts';
import { sentenceOf } from './status.ts';
import type { TabName } from './tabs.ts';

/** Milliseconds after which a picture that has not come is said to be under way; most come sooner. */
const SOON = 300;

/**
 * Shows what is behind a tab, or the sentence that says why there is nothing; `still` tells whether it is the chosen
 * one when it comes.
 */
export async function showTab(
  name: TabName,
  engine: EngineClient,
  view: PictureView,
  still: () => boolean,
): Promise<void> {
  byId('table').hidden = name !== 'table';
  byId('picture').hidden = name === 'table';
  byId('picture').setAttribute('aria-labelledby', `tab-${name}`);
  if (name === 'shrinkage') return;
  try {
    if (name === 'table') tableView(await engine.ask('table'));
    else {
      const coming = engine.ask('picture', name);
      const waiting = setTimeout(() => still() && view.say('The picture is being computed …'), SOON);
      const picture = await coming.finally(() => clearTimeout(waiting));
      if (still()) view.show(picture);
    }
  } catch (error) {
    if (still()) view.say(sentenceOf(error));
  }
}
