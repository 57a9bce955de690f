// `npm run pictures`: every state of the popup and the main screens of the phone, in both languages and schemes, into out/pictures.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { popupStatesNow } from '../fakes/popup-states.ts';
import build, { ROOT } from './companion.ts';
import { popupMaker } from './made-popup.ts';
import { world } from './world.ts';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const OUT = join(ROOT, 'out/pictures');
const LOOKS = (['en', 'zh-CN'] as const).flatMap((language) => [false, true].map((dark) => ({ language, dark })));
const folderOf = (what: string, { language, dark }: (typeof LOOKS)[number]): string => {
  const folder = join(OUT, `${what}-${language}-${dark ? 'dark' : 'light'}`);
  mkdirSync(folder, { recursive: true });
  return folder;
};

async function drawPopup(): Promise<void> {
  const maker = await popupMaker();
  for (const look of LOOKS) {
    const folder = folderOf('popup', look);
    const popup = await maker.open(look);
    for (const state of popupStatesNow()) {
      await popup.show(state);
      await popup.page.screenshot({ path: `${folder}/${state.name}.png` });
    }
    await popup.close();
  }
  await maker.close();
}

/** From the list to the end of a sign-in, as the phone shows it. */
async function drawPhone(): Promise<void> {
  for (const look of LOOKS) {
    const folder = folderOf('phone', look);
    const w = await world('chromium', { lang: look.language, dark: look.dark });
    try {
      const shoot = (name: string) => w.phone.picture(`${folder}/${name}`);
      await shoot('1-list');
      const { popup } = await w.begin('/plain');
      await w.scan(popup);
      await shoot('2-confirm');
      await w.phone.approve();
      await w.outcome();
      await shoot('3-end');
      await w.phone.visit(w.companion.origin);
      await shoot('4-unlock');
    } finally {
      await w.close();
    }
  }
}

await build();
if (values.only !== 'phone') await drawPopup();
if (values.only !== 'popup') await drawPhone();
process.stdout.write(`${OUT}\n`);
