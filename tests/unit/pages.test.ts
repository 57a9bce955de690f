// The pages that a companion shows by itself: every language on each, and nobody's markup but ours.
import { expect, test } from 'vitest';
import { deviceConfirmPage, errorPage, signOutPage } from '../../server/team/pages.ts';

test('every language is on the page, marked as what it is, English first', () => {
  const page = signOutPage('<form id="op.logoutForm"></form>');
  expect(page).toContain(
    '<h1>Sign out of this team’s sites in this browser?<br><span lang="zh-CN">要在此浏览器中退出登录吗？</span></h1><form',
  );
  expect(page).toContain('name="logout">Sign out · <span lang="zh-CN">退出登录</span></button>');
});

test('names and words of others are text', () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&';
  for (const page of [deviceConfirmPage('', hostile, hostile, hostile), errorPage(hostile, hostile)]) {
    expect(page).not.toContain('<img');
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;');
  }
});

test('an error that a person can see has its own sentence, any other the one for all', () => {
  expect(errorPage('access_denied')).toContain('The sign-in was declined.');
  expect(errorPage('constructor')).toContain('This sign-in cannot go on.');
});
