// The pages that a companion shows by itself: in the reader's language, and nobody's markup but ours.
import { expect, test } from 'vitest';
import { pagesFor } from '../../server/http/pages.ts';

const English = 'Sign out of this team’s sites in this browser?';
test.each([
  [undefined, 'en', English],
  ['*', 'en', English],
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN', '要在此浏览器中退出登录吗？'],
  ['en;q=0.3, zh-Hans ;q=0.7, xx', 'zh-CN', '要在此浏览器中退出登录吗？'],
  ['zh-HK', 'zh-TW', '要在此瀏覽器登出這個團隊的網站嗎？'],
  ['<script>;q=9, en', 'en', English],
])('who asks for %s reads %s', (accepted, language, title) => {
  const page = pagesFor(accepted).signOut('<form id="op.logoutForm"></form>');
  expect(page).toContain(`<html lang="${language}">`);
  expect(page).toContain(`<h1>${title}</h1><form`);
});

const { deviceConfirm, error } = pagesFor('en');

test('names and words of others are text', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&';
  for (const page of [deviceConfirm('', hostile, hostile, hostile), error(hostile, hostile)]) {
    expect(page).not.toContain('<img');
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;');
  }
});

test('an error that a person can see has its own sentence, any other the one for all', () => {
  expect(error('access_denied')).toContain('The sign-in was declined.');
  expect(error('constructor')).toContain('This sign-in cannot go on.');
});
