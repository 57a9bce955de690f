// `npm run pictures`: every state of the popup and of the phone, in both languages and schemes, into out/pictures;
// those that the documentation shows go to docs/pictures as well.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOf } from '../../scripts/options.ts';
import { EXTENSION_PAGES } from '../fakes/extension-pages.ts';
import { phoneStates } from '../fakes/phone-states.ts';
import { popupStatesNow } from '../fakes/popup-states.ts';
import build, { ROOT } from './companion.ts';
import { madePhone } from './made-phone.ts';
import { popupMaker } from './made-popup.ts';
import { phone, read } from './phone.ts';
import { everyScreen } from './screens.ts';
import { world } from './world.ts';

const { values } = optionsOf('npm run pictures [-- --only popup|phone]', { options: { only: { type: 'string' } } });
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
    for (const other of EXTENSION_PAGES) {
      await popup.visit(other);
      await popup.page.screenshot({ path: `${folder}/${other.name}.png`, fullPage: true });
    }
    await popup.close();
  }
  await maker.close();
}

/** What the phone shows before, while and after it signs a computer in, and every screen that needs no computer. */
async function drawPhone(): Promise<void> {
  for (const look of LOOKS) {
    const folder = folderOf('phone', look);
    const w = await world('chromium', { scale: 2, lang: look.language, dark: look.dark });
    const other = await phone({ lang: look.language, dark: look.dark });
    try {
      // Once its buttons are alive, and no larger than it is: a page that is made longer for its picture begins their dead time anew.
      const shoot = async (name: string) => {
        await read(w.phone.page);
        await w.phone.page.screenshot({ path: `${folder}/${name}.png` });
      };
      const { popup } = await w.begin('/plain');
      await w.scan(popup);
      await shoot('confirm');
      await w.phone.approve();
      await w.outcome();
      await shoot('signed-in');
      await other.visit(w.companion.origin);
      await everyScreen(other, look.language === 'en' ? 'Li’s phone' : '小李的手机', (name) =>
        other.picture(`${folder}/${name}.png`),
      );
    } finally {
      await other.close();
      await w.close();
    }
  }
}

/** Every state of the phone that is made up, at the size of a phone. */
async function drawPhoneStates(): Promise<void> {
  const made = await madePhone();
  await made.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  for (const look of LOOKS) {
    const folder = folderOf('phone-states', look);
    await made.paint(look.dark);
    for (const state of phoneStates(Date.now())) {
      await made.show(state, look.language);
      await made.page.screenshot({ path: `${folder}/${state.name}.png` });
    }
  }
  await made.close();
}

/** The pictures that the documentation shows, each in its languages. */
const SHOWN = {
  welcome: ['popup', 'welcome'],
  'popup-code': ['popup', 'code'],
  'phone-confirm': ['phone', 'confirm'],
  'popup-signed-in': ['popup', 'signed-in-trust-offered'],
};

await build();
if (values.only !== 'phone') await drawPopup();
if (values.only !== 'popup') {
  await drawPhoneStates();
  await drawPhone();
}
for (const [name, [what, state]] of Object.entries(SHOWN))
  for (const [language, ending] of [
    ['en', ''],
    ['zh-CN', '-zh-CN'],
  ])
    if (values.only === undefined)
      cpSync(join(OUT, `${what}-${language}-light/${state}.png`), join(ROOT, `docs/pictures/${name}${ending}.png`));
process.stdout.write(`${OUT}\n`);
