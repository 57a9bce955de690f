// What stands in place of a page that cannot be: plain elements, since what draws the page may be what is missing.
import { sayFirst } from './languages.ts';

/** @param language of the words @param button what else there is than the words */
export function sayPlainly(language: string, title: string, text: string, ...button: HTMLElement[]): void {
  document.documentElement.lang = language;
  const main = document.createElement('main');
  const [headline, sentence] = [document.createElement('h1'), document.createElement('p')];
  headline.textContent = title;
  headline.tabIndex = -1;
  sentence.textContent = text;
  main.append(headline, sentence, ...button);
  const app = document.getElementById('app');
  app?.replaceChildren(...app.querySelectorAll(':scope > header'), main);
  headline.focus();
}

/** A part of the page did not come. @param reload loads it anew, by the person's tap */
export function sayNotLoaded(language: string, reload: () => void): void {
  const say = sayFirst(language);
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'primary';
  button.textContent = say('reload');
  button.addEventListener('click', reload);
  sayPlainly(language, say('notLoaded'), say('notLoadedText'), button);
}
