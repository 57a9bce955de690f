// What the frame holds, by all that is known of the tab: one pure function, a room for each kind of screen.
import { endedFrame, refusedFrame } from './ended.ts';
import type { About, Frame, Words } from './frame.ts';
import { askingFrame, goingOnFrame } from './moving.ts';
import { offerFrame, savingFrame } from './saving.ts';
import { shownOf } from './shown.ts';
import { waitingFrame } from './waiting.ts';

export function frameOf(about: About, words: Words): Frame {
  if (about.refusal) return refusedFrame(about, words, about.refusal);
  const shown = shownOf(about.stored, about.now);
  switch (shown.screen) {
    case 'waiting':
      return waitingFrame(about, words, shown.drawing, shown.current);
    case 'asking':
      return askingFrame(about, words, shown.current);
    case 'going-on':
      return goingOnFrame(about, words, shown.current);
    case 'outcome':
      return endedFrame(about, words, shown.current);
    case 'offer':
      return offerFrame(about, words, shown.offer);
    case 'saving':
      return savingFrame(about, words, shown.current);
  }
}
