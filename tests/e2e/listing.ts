// `npm run store`: all that the stores ask for beside the archives, made from the built extension and the phone's page, into out/store.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import puppeteer, { type Page } from 'puppeteer';
import english from '../../src/ui/locales/en/extension.ts';
import japanese from '../../src/ui/locales/ja/extension.ts';
import chinese from '../../src/ui/locales/zh-CN/extension.ts';
import taiwanese from '../../src/ui/locales/zh-TW/extension.ts';
import en from '../../store/listing/en.ts';
import ja from '../../store/listing/ja.ts';
import { PICTURES } from '../../store/listing/listing.ts';
import zhCN from '../../store/listing/zh-CN.ts';
import zhTW from '../../store/listing/zh-TW.ts';
import { phoneStates } from '../fakes/phone-states.ts';
import { popupStatesNow, SITE } from '../fakes/popup-states.ts';
import { AxePuppeteer } from './axe.ts';
import { CHROMIUM_ARGS } from './chromium.ts';
import build, { ROOT } from './companion.ts';
import { madePhone } from './made-phone.ts';
import { popupMaker } from './made-popup.ts';
import { read } from './phone.ts';

const OUT = join(ROOT, 'out/store');
const LISTINGS = {
  en: { ...en, ...english },
  'zh-CN': { ...zhCN, ...chinese },
  'zh-TW': { ...zhTW, ...taiwanese },
  ja: { ...ja, ...japanese },
};
type Language = keyof typeof LISTINGS;
const LANGUAGES = Object.keys(LISTINGS) as Language[];

/** What popup and phone show in each picture, by the names of their states. */
const STATES: Record<(typeof PICTURES)[number], { popup: string; phone: string }> = {
  scan: { popup: 'code', phone: 'confirm' },
  'signed-in': { popup: 'signed-in-trust-offered', phone: 'ended-trust-offered' },
  'one-click': { popup: 'ringing', phone: 'confirm-known' },
};

const dataUrl = (png: Uint8Array | Buffer): string => `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
const stateOf = <T extends { name: string }>(states: Iterable<T>, name: string): T => {
  const found = [...states].find((one) => one.name === name);
  if (!found) throw new Error(`There is no state ${name}.`);
  return found;
};

/** What is wrong for people who cannot see it as it is drawn ends it: of what is in the pictures, and of what is put around that. */
const axe = new AxePuppeteer(join(ROOT, 'out/screens/store'));

/** Each state of popup and phone that a picture shows, as a picture, by language. */
async function screens(): Promise<Map<string, string>> {
  const drawn = new Map<string, string>();
  const keep = async (of: Page, name: string) => {
    const picture = await of.screenshot();
    drawn.set(name, dataUrl(picture));
    await axe.check(of, name, picture);
  };
  const maker = await popupMaker();
  const phone = await madePhone();
  await phone.page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  for (const language of LANGUAGES) {
    const popup = await maker.open({ language, dark: false });
    for (const name of PICTURES) {
      const shown = STATES[name];
      await popup.show(stateOf(popupStatesNow(), shown.popup));
      await keep(popup.page, `${language} ${name} popup`);
      await phone.show(stateOf(phoneStates(Date.now()), shown.phone), language);
      // Its buttons look as they do once they can be pressed.
      await read(phone.page);
      await keep(phone.page, `${language} ${name} phone`);
    }
    await popup.close();
  }
  await phone.close();
  await maker.close();
  return drawn;
}

const mark = readFileSync(join(ROOT, 'src/ui/icons/mark.svg'), 'utf8');
const LOOK = `*{box-sizing:border-box;margin:0}body{background:#e6effc;color:#16191d;font-family:system-ui,sans-serif;overflow:hidden}`;

/** A computer with the popup over a page, and the phone beside it, at 1280 × 800. */
const scene = (
  language: Language,
  popup: string,
  phone: string,
  caption?: string,
): string => `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Scankey</title>
<style>${LOOK}
h1{position:absolute;top:44px;width:1280px;text-align:center;font-size:44px}
main{position:absolute;inset:${caption ? 136 : 90}px 0 0 90px}
.window{position:absolute;width:760px;height:620px;background:#fff;border:1px solid #d6d9de;border-radius:12px;overflow:hidden}
.bar{height:48px;background:#f3f4f6;border-bottom:1px solid #d6d9de;display:flex;align-items:center;gap:12px;padding:0 16px;font-size:15px;color:#565d66}
.bar span{flex:1;background:#fff;border-radius:16px;padding:5px 16px}
.bar svg{width:24px;height:24px}
.form{position:absolute;left:48px;top:190px;width:260px;display:grid;gap:18px}
.form i{height:42px;border:1px solid #d6d9de;border-radius:8px;background:#fff}
.form i:first-child{width:150px;height:24px;background:#d6d9de;border:0}
.form i:last-child{background:#d6d9de;border:0}
.popup{position:absolute;left:372px;top:60px;width:360px;height:520px;border-radius:8px;box-shadow:0 6px 28px #16191d4d}
.phone{position:absolute;left:830px;top:-8px;width:300px;height:649px;border:9px solid #16191d;border-radius:40px}
</style>${caption ? `<header><h1>${caption}</h1></header>` : ''}<main><div class="window"><div class="bar"><span>${new URL(SITE).host}</span>${mark}</div>
<div class="form"><i></i><i></i><i></i><i></i></div></div>
<img class="popup" alt="" src="${popup}"><img class="phone" alt="" src="${phone}"></main>`;

const tile = (
  language: Language,
  caption: string,
): string => `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>Scankey</title><style>${LOOK}
body{background:#0b57c2;color:#fff}main{display:grid;place-content:center;justify-items:center;gap:18px;height:280px}
svg{width:104px;height:104px;border-radius:24px;outline:2px solid #ffffff66}h1{font-size:28px}</style><main>${mark}<h1>${caption}</h1></main>`;

/** The mark at a size, with room around it where a store wants that. */
const icon = (size: number, margin = 0): string =>
  `<!doctype html><style>*{margin:0}body{background:transparent}svg{display:block;width:${size - 2 * margin}px;height:${size - 2 * margin}px;margin:${margin}px}</style>${mark}`;

/** As it stands in the toolbars of both browsers, light and dark, for whoever looks. */
const toolbars = (): string =>
  `<!doctype html><style>*{margin:0}body{width:320px}div{display:flex;gap:24px;align-items:center;height:40px;padding:0 24px}</style>${[
    '#ffffff',
    '#f0f0f4',
    '#3c3c3c',
    '#2b2a33',
    '#1c1b22',
  ]
    .map(
      (ground) =>
        `<div style="background:${ground}">${[16, 24, 32].map((size) => mark.replace('<svg', `<svg width="${size}"`)).join('')}</div>`,
    )
    .join('')}`;

await build();
rmSync(OUT, { recursive: true, force: true });
const drawn = await screens();
const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', pipe: true, args: CHROMIUM_ARGS });
const page: Page = await browser.newPage();
/** @param scale how many pixels one of the picture's is */
async function shoot(html: string, [width, height]: [number, number], path: string, scale = 1, clear = false) {
  const whole = join(OUT, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  await page.setViewport({ width, height, deviceScaleFactor: scale });
  await page.setContent(html);
  await page.evaluate(() => Promise.all([...document.images].map((one) => one.decode())).then(() => {}));
  await page.screenshot({ path: whole as `${string}.png`, omitBackground: clear });
  // AMO's is the same without its words.
  if (html.includes('<h1>') && scale === 1) await axe.check(page, path.replace(/\W+/g, '-'), readFileSync(whole));
}
for (const language of LANGUAGES) {
  const { name, description, long, captions } = LISTINGS[language];
  const of = (picture: string, what: string) => drawn.get(`${language} ${picture} ${what}`) ?? '';
  for (const [at, picture] of PICTURES.entries()) {
    const html = scene(language, of(picture, 'popup'), of(picture, 'phone'), captions[picture]);
    await shoot(html, [1280, 800], `${language}/${at + 1}-${picture}-1280x800.png`);
    await shoot(html, [1280, 800], `${language}/${at + 1}-${picture}-640x400.png`, 0.5);
    // AMO has one set for all languages, and wants its words beside the pictures.
    if (language === 'en')
      await shoot(
        scene(language, of(picture, 'popup'), of(picture, 'phone')),
        [1280, 800],
        `amo/${at + 1}-${picture}.png`,
      );
  }
  await shoot(tile(language, captions.tile), [440, 280], `${language}/tile-440x280.png`);
  const texts = { name, short: description, long, captions: PICTURES.map((one) => captions[one]).join('\n') };
  for (const [what, text] of Object.entries(texts)) writeFileSync(join(OUT, `${language}/${what}.txt`), `${text}\n`);
}
await shoot(icon(128, 16), [128, 128], 'icons/chrome-128.png', 1, true);
for (const size of [32, 64, 128]) await shoot(icon(size), [size, size], `icons/amo-${size}.png`, 1, true);
await shoot(toolbars(), [320, 200], 'icons/on-toolbars.png', 2);
await browser.close();
const TEXTS = ['docs/privacy', 'docs/support', 'store/data-use', 'store/permissions', 'store/reviewers', 'store/build'];
for (const text of TEXTS) {
  // What a link within the repository leads to is not there.
  const alone = readFileSync(join(ROOT, `${text}.md`), 'utf8').replace(/\[([^\]]+)\]\((?!https?:)[^)]*\)/g, '$1');
  writeFileSync(join(OUT, `${basename(text)}.md`), alone);
}
process.stdout.write(`${OUT}\n`);
