// How a sign-in is told to have gone, from what its page shows moment by moment: every kind of ending, in the languages that pages speak.
import { describe, expect, test, vi } from 'vitest';
import { type Before, decide, giveUp, type Reading, read } from '../../src/background/judge.ts';
import { identityOf } from '../../src/background/page.ts';
import { hear } from '../../src/background/phrases.ts';
import { Traffic } from '../../src/content/traffic.ts';
import type { Look } from '../../src/extension/page-api.ts';
import { lookOf } from '../fakes/tabs.ts';

const HEAD = ['Shop', 'Sign in', 'User name', 'Password', 'Forgot your password?'];
const FIELDS = 'user text,password password';
/** The form as it stood when it was sent. */
const form = { step: 'sign-in', typed: true, lines: HEAD, fields: FIELDS, sent: false } as const;
const sent = { ...form, sent: true };
/** The same in another document, as a server gives it again. */
const again = { ...form, mark: 'second', typed: false };
const page = (...lines: string[]) => ({ mark: 'second', lines: ['Shop', ...lines] });
const inPlace = (...lines: string[]) => ({ lines: ['Shop', ...lines], sent: true });
/** What a site shows to everybody, in or not. */
const PORCH = ['Welcome', 'List of sites', 'Log out', ...Array.from({ length: 12 }, (_, k) => `Wing number ${k}`)];
const says = (...lines: string[]) => ({ lines: [...HEAD, ...lines] });

interface Played {
  before?: Partial<Before>;
  /** After how many milliseconds the page looks how. */
  story: readonly (readonly [number, Partial<Look>])[];
  told: string;
  text?: string;
  /** It is told after so many milliseconds, and not later than `by`. */
  after?: number;
  by?: number;
}

/** Looks every 300 ms, as the background does in a page that moves. */
function play({ story, before = {} }: Played) {
  const stood = { mark: 'first', alert: '', lines: HEAD, fields: FIELDS, ...before };
  const readings: Reading[] = [];
  let look = lookOf(form);
  for (let at = 0; at < 15_000; at += 300) {
    const shown = story.filter(([ms]) => ms <= at).at(-1);
    look = lookOf(shown ? shown[1] : form);
    readings.push(read(look, stood, readings, at));
    const told = decide(readings);
    if (told) return { ...told, at };
  }
  return { ...giveUp(look, stood, readings), at: 15_000 };
}

const STORIES: Record<string, Played> = {
  // Signed in wants evidence.
  'a page that greets': { story: [[600, page('Welcome, robin', 'Orders')]], told: 'signed-in', by: 1_500 },
  'a page that one can leave': { story: [[600, page('Projects', 'Log out')]], told: 'signed-in', by: 1_500 },
  'a page full of things': {
    story: [[600, page(...Array.from({ length: 20 }, (_, k) => `Item number ${k}`))]],
    told: 'signed-in',
    by: 3_000,
  },
  'a page that says next to nothing': { story: [[600, page('12')]], told: 'signed-in', after: 5_000 },
  'a view in the same document that greets': { story: [[600, inPlace('Welcome')]], told: 'signed-in', by: 2_500 },
  'a form that is gone, over a page that was there all the time': {
    story: [[600, { lines: HEAD.slice(0, 1), sent: true }]],
    told: 'signed-in',
    after: 7_000,
    by: 8_000,
  },
  'a page inside that tells of failed sign-ins of before': {
    story: [[600, page('Welcome, robin', 'Last failed login: yesterday', 'Log out')]],
    told: 'signed-in',
  },
  'a page inside that has an error of its own': {
    story: [[600, { ...page('Projects', 'Billing', 'Log out'), alert: 'Could not load the weather' }]],
    told: 'signed-in',
  },
  'settings that have a password': {
    story: [[600, { ...page('WAN', 'Welcome'), step: 'sign-in', typed: true, fields: 'ppp text,ppp_pw password' }]],
    told: 'signed-in',
  },
  'settings that have an empty password, and a way out': {
    story: [[600, { ...page('Wi-Fi', 'Log out'), step: 'password', typed: false, fields: 'key password' }]],
    told: 'signed-in',
  },
  // A form that went is believed only when what came stays.
  'a form that is gone while the server thinks, and comes back': {
    story: [
      [300, { lines: ['Shop'], sent: true }],
      [2_400, { ...sent, typed: false }],
    ],
    told: 'refused',
  },
  'a form that is gone while the page says so, and comes back with a word': {
    story: [
      [300, inPlace('Signing in…')],
      [4_500, { ...sent, ...says('Wrong password') }],
    ],
    told: 'refused',
    text: 'Wrong password',
  },
  'a form that is gone for good, and a script that was denied': {
    story: [[600, { lines: HEAD.slice(0, 1), sent: true, answer: 401 }]],
    told: 'refused',
    by: 6_000,
  },
  'a page that waits, and is in': {
    story: [
      [300, page('Please wait')],
      [6_000, page('Welcome')],
    ],
    told: 'signed-in',
    after: 6_000,
  },
  'the page again, drawn bit by bit, with the way out and the greeting that it shows to everybody': {
    before: { lines: [...HEAD, ...PORCH] },
    story: [
      [300, page('Opening the site list')],
      [1_500, page(...PORCH)],
      [4_200, { ...page(...PORCH, 'User name'), step: 'name', fields: 'user text' }],
    ],
    told: 'refused',
  },
  'the page again, drawn bit by bit, in Japanese': {
    before: { lines: ['会員サイト', 'ようこそ', 'マイページ', 'ログアウト', 'ログイン'] },
    story: [
      [300, page('少々')],
      [1_200, page('会員サイト', 'ようこそ', 'マイページ', 'ログアウト')],
      [3_900, again],
    ],
    told: 'refused',
  },
  'another page of the same title, whose form is late': {
    before: { title: 'Site' },
    story: [
      [600, page(...Array.from({ length: 20 }, (_, k) => `News of day ${k}`))],
      [4_500, again],
    ],
    told: 'refused',
  },
  'the page again, which greets whoever comes, and asks for the name': {
    before: { title: 'Site' },
    story: [
      [600, page('Hello there!')],
      [3_000, { ...page('Hello there!', 'User name'), step: 'name', fields: 'user text' }],
    ],
    told: 'refused',
  },
  'a refusal for a moment, and then the page anew': {
    story: [
      [300, { ...sent, ...says('Bad user or password') }],
      [600, page('Welcome', 'My account')],
      [3_000, { ...page('Hi, stranger', 'Name', 'Next'), step: 'name', fields: 'who text', alert: 'Type your name' }],
    ],
    told: 'refused',
    text: 'Bad user or password',
  },
  'a page inside of the same title': {
    before: { title: 'Site' },
    story: [[600, page(...Array.from({ length: 20 }, (_, k) => `Item number ${k}`))]],
    told: 'signed-in',
    by: 8_000,
  },
  'a page inside of the same title that greets': {
    before: { title: 'Site' },
    story: [[600, page('Welcome, robin', 'Orders')]],
    told: 'signed-in',
    by: 7_000,
  },
  'a page inside of the same title that one can leave': {
    before: { title: 'Site' },
    story: [[600, page('Orders', 'Log out')]],
    told: 'signed-in',
    by: 1_500,
  },
  'a refusal that stood there, was away, and is said anew in another document': {
    before: { lines: [...HEAD, 'Wrong password'] },
    story: [
      [300, page('One moment')],
      [1_200, page('Wrong password', 'Back')],
    ],
    told: 'refused',
    text: 'Wrong password',
  },
  'a page that only jumps back': {
    story: [
      [300, page('2')],
      [3_300, again],
    ],
    told: 'refused',
  },
  // A page without a form that speaks of failure.
  'a card with a retry': {
    story: [[600, inPlace('Sign-in failed', 'Check your details and try again.', 'Retry')]],
    told: 'refused',
    text: 'Sign-in failed',
    by: 1_500,
  },
  'a page that fails in general': { story: [[600, page('Something went wrong', 'Back')]], told: 'refused' },
  'a page that forbids by its status': { story: [[600, { ...page('Nginx'), status: 403 }]], told: 'refused' },
  'a server that is broken': { story: [[600, { ...page('Bad gateway'), status: 502 }]], told: 'cannot-tell' },
  // One phrase on a page inside is about a thing there, not about whoever has signed in.
  'a list of people inside, one of whom is switched off': {
    before: { account: 'robin@ward.example' },
    story: [
      [600, page('People', 'Name', 'Status', 'pat', 'Active', 'sam', 'Account disabled', 'Add', 'robin@ward.example')],
    ],
    told: 'signed-in',
  },
  'a table inside, in Chinese, one row of which is locked': {
    story: [
      [600, page('用户管理', '系统首页', '欢迎您，张伟', '账号', '状态', 'li', '正常', 'wang', '账号已锁定', '新增')],
    ],
    told: 'signed-in',
  },
  'a page inside that is thin and empty, below its navigation': {
    story: [
      [600, page('Accounts', 'Contacts', 'Leads', 'Reports', 'Import', 'New account', 'No accounts found', 'Log out')],
    ],
    told: 'signed-in',
  },
  'a list that is empty, where nothing tells whose it is': {
    story: [[600, page('Accounts', 'Contacts', 'Leads', 'Reports', 'Import', 'New account', 'No accounts found')]],
    told: 'cannot-tell',
  },
  'a search inside beside a list that is empty': {
    story: [
      [
        600,
        {
          ...page('Accounts', 'Contacts', 'Leads', 'Reports', 'New account', 'No users found', 'Log out'),
          step: 'name',
          fields: 'q text',
        },
      ],
    ],
    told: 'signed-in',
  },
  'an account that is switched off, on a page that says no more': {
    story: [[600, page('Account disabled', 'Contact us', 'Back')]],
    told: 'refused',
    text: 'Account disabled',
  },
  'an account that is switched off, above a long foot': {
    story: [
      [
        600,
        page(
          'Account disabled',
          'Your account has been disabled.',
          'Help',
          'Terms',
          'Privacy',
          'Imprint',
          'Jobs',
          'Press',
        ),
      ],
    ],
    told: 'refused',
  },
  'an account that nobody has let in yet': {
    story: [[600, page('Account pending', 'Your account has not been approved yet.', 'Back to login')]],
    told: 'refused',
  },
  'an account that is shut out, in Chinese, and the way back to the start': {
    story: [[600, page('账号已被封禁', '如有疑问请联系客服', '返回首页')]],
    told: 'refused',
  },
  'a way out that is shown before the site has answered, and the form again': {
    story: [
      [300, inPlace('robin’s things', 'Log out', 'Loading', 'Please wait...')],
      [2_700, { ...sent, ...says('Wrong password'), typed: false }],
    ],
    told: 'refused',
    text: 'Wrong password',
  },
  'a way out beside what is still loading': {
    story: [[300, inPlace('robin’s things', 'Log out', 'Loading…')]],
    told: 'signed-in',
    by: 6_000,
  },
  'a greeting to whoever is back': {
    story: [[600, page('Welcome back to Ward', 'Orders')]],
    told: 'signed-in',
    by: 1_500,
  },
  'what was typed is wrong, above a long foot': {
    story: [[600, page('Invalid password', 'Help', 'Terms', 'Privacy', 'Imprint', 'Jobs', 'Press', 'Contact')]],
    told: 'refused',
    text: 'Invalid password',
  },
  'a sign-in that failed, under a title that says so': {
    story: [
      [
        600,
        {
          ...page('Login failed', 'Help', 'Terms', 'Privacy', 'Imprint', 'Jobs', 'Press', 'Contact'),
          title: 'Login failed',
        },
      ],
    ],
    told: 'refused',
  },
  'a user that is not found, where everybody is offered the way in': {
    story: [[600, page('User not found', 'Home', 'Log in', 'Sign up', 'Privacy', 'Imprint', 'Jobs', 'Press')]],
    told: 'refused',
  },
  // Words of progress that name a thing.
  'the kinds of account that a bank has': {
    story: [[600, page('Accounts', 'Checking', '••4521', 'Savings', '••8830', 'Transfer')]],
    told: 'signed-in',
    by: 6_500,
  },
  'an account of a bank, with its number and what is on it': {
    story: [[600, page('Checking ••4521', 'Savings ••8830', 'Transfer', 'Cards', '$2,310.44')]],
    told: 'signed-in',
    by: 6_500,
  },
  'an order that is under way, in Chinese': {
    story: [[600, page('我的订单', '1042', '处理中', '1041', '已完成')]],
    told: 'signed-in',
    by: 6_500,
  },
  'what is going on, in a page that says little else': {
    story: [
      [600, page('Checking', 'Ward', 'Terms')],
      [9_000, page('Welcome')],
    ],
    told: 'signed-in',
    after: 9_000,
  },
  'a page that asks one to wait, beside what it always says': {
    story: [
      [600, page('Please wait', 'Help', 'Terms', 'Privacy', 'Imprint')],
      [9_000, page('Welcome')],
    ],
    told: 'signed-in',
    after: 9_000,
  },
  // A refusal beside the form.
  'a plain line that is new': {
    story: [[600, { ...sent, ...says('Invalid email or password') }]],
    told: 'refused',
    text: 'Invalid email or password',
    by: 1_500,
  },
  'a plain line that stood there before': { story: [[0, sent]], before: { lines: HEAD }, told: 'cannot-tell' },
  'a line that goes and is said anew': {
    before: { lines: [...HEAD, 'Wrong password'] },
    story: [
      [0, { ...sent, ...says('Wrong password') }],
      [600, sent],
      [1_200, { ...sent, ...says('Wrong password') }],
    ],
    told: 'refused',
    text: 'Wrong password',
    by: 2_000,
  },
  'a line that never went': {
    before: { lines: [...HEAD, 'Wrong password'] },
    story: [[0, { ...sent, ...says('Wrong password') }]],
    told: 'refused',
    text: 'Wrong password',
  },
  'a toast in words that nobody knows': {
    story: [[600, { ...sent, alert: 'Zkuste to znovu' }]],
    told: 'refused',
    text: 'Zkuste to znovu',
  },
  'an answer that refuses, and a form that only shakes': {
    story: [[600, { ...sent, answer: 401 }]],
    told: 'refused',
    by: 5_000,
  },
  'a form that was emptied': { story: [[600, { ...sent, typed: false }]], told: 'refused', by: 5_000 },
  'the form again, without a word': { story: [[600, again]], told: 'refused', by: 3_000 },
  'the form for a moment, before the page goes in': {
    story: [
      [600, again],
      [1_200, page('Welcome')],
    ],
    told: 'signed-in',
  },
  'a cookie banner in both documents': {
    before: { alert: 'We use cookies' },
    story: [[600, { ...again, alert: 'We use cookies' }]],
    told: 'refused',
    text: '',
  },
  'the same refusal once more in another document': {
    before: { alert: 'Wrong password' },
    story: [[600, { ...again, alert: 'Wrong password' }]],
    told: 'refused',
    text: 'Wrong password',
  },
  // Progress is no complaint, success is none either.
  'a message box that is at work': {
    story: [
      [300, { ...sent, alert: 'Loading…' }],
      [3_000, page('Welcome')],
    ],
    told: 'signed-in',
  },
  'a toast that it worked': {
    story: [
      [300, { ...sent, alert: 'Login successful' }],
      [2_700, page('Dashboard')],
    ],
    told: 'signed-in',
  },
  'new words above the form that name nothing': {
    story: [[600, { ...sent, lines: [...HEAD, 'That did not match our records'] }]],
    told: 'refused',
    text: 'That did not match our records',
    by: 6_000,
  },
  'new words above the form that name nothing, while the site thinks': {
    story: [
      [600, { ...sent, lines: [...HEAD, 'The weather: not found'] }],
      [4_000, page('Welcome')],
    ],
    told: 'signed-in',
  },
  'a list in which something has failed': {
    story: [[600, page('Builds', 'main', 'failed', 'dev', 'passed')]],
    told: 'cannot-tell',
  },
  'a list in which something is locked, in Chinese': {
    story: [[600, page('用户', 'anna', '已锁定', 'ben', '正常')]],
    told: 'cannot-tell',
  },
  'a word that fails, and hardly another': { story: [[600, page('失败', '返回')]], told: 'refused' },
  'a greeting, and how many have failed': {
    story: [[600, page('欢迎您，robin', '登录失败 12', '任务失败 1')]],
    told: 'signed-in',
  },
  'an error by its number': { story: [[600, page('Login failed 401', 'Back')]], told: 'refused' },
  'an answer that is meant for scripts': { story: [[600, page('{"success":false}')]], told: 'refused' },
  // Codes.
  'a place for a code in the same form, without a word': {
    story: [[600, { ...sent, otp: true }]],
    told: 'otp',
    by: 1_500,
  },
  'a place for a code beside an old notice': {
    before: { alert: 'Maintenance tonight' },
    story: [[600, { ...sent, otp: true, alert: 'Maintenance tonight' }]],
    told: 'otp',
  },
  'a window of its own for the code': { story: [[600, { ...sent, asksCode: true }]], told: 'otp' },
  'a form for codes that was there all the time': {
    before: { asksCode: true },
    story: [[600, { ...sent, asksCode: true, ...says('Wrong password') }]],
    told: 'refused',
  },
  'a wrong password above a place for a code': {
    story: [[600, { ...again, otp: true, alert: 'The password is wrong' }]],
    told: 'refused',
  },
  'a code that was refused by emptying its boxes': {
    before: { otpGiven: true, fields: 'o tel' },
    story: [
      [0, { step: 'code', typed: true, sent: true }],
      [900, { step: 'code', typed: false, sent: true }],
    ],
    told: 'refused',
  },
  'a code that is being looked at': {
    before: { otpGiven: true },
    story: [
      [0, { step: 'code', typed: true, sent: true, alert: 'Verifying…' }],
      [3_000, page('Welcome')],
    ],
    told: 'signed-in',
  },
  // Nothing was sent.
  'a dead button': { story: [], told: 'not-sent' },
  'a box that has to be ticked': { story: [[0, { ...form, unfinished: true }]], told: 'not-sent', by: 3_500 },
  'a page that says itself what is missing': {
    story: [[300, { ...form, alert: 'Please accept the terms' }]],
    told: 'not-sent',
    text: 'Please accept the terms',
    by: 6_000,
  },
  'a challenge that nobody has solved': { story: [[0, { ...form, obstacle: 'captcha' }]], told: 'not-sent' },
  'a server that thinks for long': { story: [[0, sent]], told: 'cannot-tell' },
  'a server that thinks for ten seconds': {
    story: [
      [0, form],
      [10_000, page('Welcome')],
    ],
    told: 'signed-in',
  },
  // Neither.
  'a line that is broken': {
    story: [[600, { ...sent, answer: 503, alert: 'Network error. Please try again later.' }]],
    told: 'cannot-tell',
    by: 5_000,
  },
  'a server that fails without a word': { story: [[600, { ...sent, answer: 500 }]], told: 'cannot-tell' },
  'a page that waits for a tap elsewhere': {
    story: [[600, page('Check your phone', 'We sent a notification to your device.', 'Waiting…')]],
    told: 'more',
  },
  'a device that is not known, and a mail': {
    story: [[600, page('We don’t recognise this device', 'We sent a message with a link to your inbox.')]],
    told: 'more',
  },
  'a page inside that speaks of phones and links at length': {
    story: [[600, page(...Array.from({ length: 40 }, (_, k) => `Phone ${k}: choose a link for it`))]],
    told: 'signed-in',
  },
  'a page that has a new password chosen first': {
    story: [[600, { ...page('Please choose another one'), sets: 'new' }]],
    told: 'more',
  },
  'a sign-up that stood beside the sign-in, and still does': {
    before: { sets: 'new' },
    story: [[600, { ...page('Items'), sets: 'new' }]],
    told: 'signed-in',
  },
  'a page that asks what only one knows': { story: [[600, page('Question de sécurité', 'Continuer')]], told: 'more' },
  'a page inside that counts what has failed': {
    story: [
      [
        600,
        page('Fleet', 'Failed logins: 3', '2 invalid accounts', ...Array.from({ length: 9 }, (_, k) => `Van ${k}`)),
      ],
    ],
    told: 'signed-in',
  },
  'a page inside that greets and lists accounts that are locked': {
    story: [
      [600, page('Welcome, robin', ...Array.from({ length: 20 }, (_, k) => `Account ${k} of the ward is locked`))],
    ],
    told: 'signed-in',
  },
  'a page inside that lists what has failed': {
    story: [[600, page('Welcome, robin', '错误日志', '密码错误次数：0')]],
    told: 'signed-in',
  },
  // Riddles.
  'a number to be copied': {
    before: { alert: '' },
    story: [
      [600, { ...again, unfilled: 'Type the above number: website_code', alert: 'The number you typed is not right.' }],
    ],
    told: 'more',
    text: 'The number you typed is not right.',
  },
  'a wrong password beside a riddle': {
    story: [[600, { ...again, obstacle: 'captcha', alert: 'Wrong user name or password' }]],
    told: 'refused',
  },
  'a riddle to be read, which comes up in the same form': {
    story: [[600, { ...sent, unfilled: '图形验证码 vcode' }]],
    told: 'more',
    by: 8_500,
  },
  'a riddle that was there, and that nobody asks for': {
    before: { unfilled: '图形验证码 vcode' },
    story: [[600, { ...sent, unfilled: '图形验证码 vcode' }]],
    told: 'cannot-tell',
  },
  'a password that has run out': {
    story: [[600, { ...page('密码已过期，请修改密码'), sets: 'changed' }]],
    told: 'more',
  },
  'a riddle that came with the form': { story: [[600, { ...again, obstacle: 'captcha' }]], told: 'more' },
  'what only the person has is asked for beside the form': {
    story: [[600, { ...form, ...says('Please confirm your e-mail address first.') }]],
    told: 'more',
    by: 4_000,
  },
  'a code that the page takes out again, and nothing tells of what it asked': {
    before: { otpGiven: true, fields: 'o tel' },
    story: [[600, { ...form, step: 'code', fields: 'o tel', typed: false }]],
    told: 'refused',
    after: 4_000,
  },
  'a page for everybody, which offers the way in as the page before did': {
    story: [
      [600, page('Welcome to the shop', 'Sign in Register', ...Array.from({ length: 20 }, (_, k) => `Lamp ${k}`))],
    ],
    told: 'cannot-tell',
  },
  'a page where a password is set anew': {
    story: [
      [600, page('Reset your password', 'Tell the address of your account, and follow what is written to you there.')],
    ],
    told: 'cannot-tell',
  },
  'a page that takes its way in away once it knows who is there': {
    story: [
      [600, page('Lamps', 'Sign in')],
      [2_400, page('Lamps', 'Robin', 'Log out')],
    ],
    told: 'signed-in',
  },
  'a page inside that speaks of sign-ins': {
    story: [
      [
        600,
        {
          ...page(
            'Log in',
            'Sign-in history',
            'Login of yesterday',
            ...Array.from({ length: 20 }, (_, k) => `Lamp ${k}`),
          ),
          title: 'Log in',
        },
      ],
    ],
    told: 'signed-in',
  },
  'the page again, which tells how one would leave before it draws its form': {
    story: [
      [300, page('You want to log out and be someone else? Click your picture.')],
      [3_300, again],
    ],
    told: 'refused',
  },
  'a page that sets up a source of codes, and wants its first': {
    story: [
      [
        600,
        { ...page('Protect your account', 'Scan this code with an authenticator app.'), step: 'code', typed: false },
      ],
    ],
    told: 'more',
  },
  'the same, in Chinese': {
    story: [[600, { ...page('绑定身份验证器', '请使用验证器扫描二维码'), step: 'code', typed: false }]],
    told: 'more',
  },
  'a riddle in place of the form': {
    story: [[600, { ...page('One more step'), obstacle: 'captcha' }]],
    told: 'more',
  },
};

describe('a sign-in whose page shows', () => {
  test.each(Object.entries(STORIES))('%s is told as it went', (_what, played) => {
    const { result, text, at } = play(played);
    expect(result).toBe(played.told);
    if (played.text !== undefined) expect(text).toBe(played.text);
    expect(at).toBeGreaterThanOrEqual(played.after ?? 0);
    expect(at).toBeLessThanOrEqual(played.by ?? 15_000);
  });
});

test.each([
  ['a card with a retry', 'words refuse, and nobody could leave'],
  ['a server that is broken', 'the site is broken, in words or by its status'],
  ['a dead button', 'the form stands, and nothing was sent'],
  ['a line that never went', 'it refuses as it did before'],
  ['a server that thinks for long', 'the form stands as it was sent'],
])('%s is told by a rule that says so', (name, by) => {
  expect(play(STORIES[name] as Played).by).toBe(by);
});

/** What a page says in each language: of a refusal, that it fails, that it goes on, that one is in. */
const LANGUAGES: Record<string, readonly [string, string, string, string]> = {
  en: ['The user name or password you entered is incorrect.', 'Please try again', 'Signing you in', 'Sign out'],
  'zh-CN': ['用户名或密码错误', '请重试', '正在登录，请稍候', '退出登录'],
  'zh-TW': ['帳號或密碼錯誤', '請重新輸入', '登入中', '登出'],
  ja: ['ユーザー名またはパスワードが正しくありません', '再度お試しください', 'ログインしています', 'ログアウト'],
  ko: ['아이디 또는 비밀번호가 잘못되었습니다', '다시 시도해 주세요', '로그인 중', '로그아웃'],
  de: ['Benutzername oder Passwort ist falsch', 'Bitte erneut versuchen', 'Bitte warten', 'Abmelden'],
  fr: ['Identifiant ou mot de passe incorrect', 'Veuillez réessayer', 'Connexion en cours', 'Se déconnecter'],
  es: ['Usuario o contraseña incorrectos', 'Inténtelo de nuevo', 'Iniciando sesión', 'Cerrar sesión'],
  pt: ['Usuário ou senha inválidos', 'Tente novamente', 'Aguarde', 'Terminar sessão'],
  it: ['Nome utente o password errati', 'Riprova', 'Attendere prego', 'Disconnetti'],
  ru: ['Неверный логин или пароль', 'Попробуйте ещё раз', 'Подождите, пожалуйста', 'Выйти'],
  nl: ['Gebruikersnaam of wachtwoord is onjuist', 'Probeer het opnieuw', 'Even geduld', 'Uitloggen'],
  pl: ['Nieprawidłowa nazwa użytkownika lub hasło', 'Spróbuj ponownie', 'Proszę czekać', 'Wyloguj się'],
  tr: ['Kullanıcı adı veya şifre hatalı', 'Lütfen tekrar deneyin', 'Lütfen bekleyin', 'Çıkış yap'],
  ar: ['اسم المستخدم أو كلمة المرور غير صحيحة', 'حاول مرة أخرى', 'يرجى الانتظار', 'تسجيل الخروج'],
};

describe.each(Object.entries(LANGUAGES))('in %s', (_language, [refusal, failure, progress, leave]) => {
  test('a refusal on a page of its own is one', () => {
    const seen = play({ story: [[600, page('…', refusal)]], told: 'refused' });
    expect(seen).toMatchObject({ result: 'refused', text: refusal });
  });
  test('a failure in place of the form is one', () => {
    expect(play({ story: [[600, inPlace(failure)]], told: '' }).result).toBe('refused');
  });
  test('progress is no complaint, however it is shown', () => {
    const story = [
      [300, { ...sent, alert: progress, ...says(progress) }],
      [3_000, page(leave)],
    ] as const;
    expect(play({ story, told: '' }).result).toBe('signed-in');
    expect(hear(progress)).toMatchObject({ goesOn: true, fails: false });
  });
  test('a way out is a sign of being in', () => {
    expect(play({ story: [[600, page(leave)]], told: '' })).toMatchObject({ result: 'signed-in', at: 900 });
  });
});

test.each([
  'Forgot your password?',
  'Unable to sign in?',
  'Passwort vergessen?',
  'Sign in',
  'Remember me',
  'Create an account',
  'Enter your user name and password',
  '忘记密码',
  'Mot de passe oublié ?',
  'Keep me signed in',
  'By signing in you accept our terms',
  'Your password is safe with us',
  'Your account',
])('"%s" complains of nothing', (line) => {
  expect(hear(line)).toMatchObject({ refuses: false, fails: false });
});

/** For what only the person has, in each language. */
const ASKS: Record<string, readonly string[]> = {
  en: [
    'Recovery code',
    'Approve the sign-in in your mobile app',
    'Click the link we emailed you',
    'Select a verification method',
    'Verify it’s really you',
    'Waiting for approval',
  ],
  'zh-CN': [
    '备用验证码',
    '请在手机App上确认登录',
    '我们已向您的邮箱发送了一封邮件',
    '请选择一种验证方式',
    '请回答密保问题',
  ],
  'zh-TW': ['備用碼', '請在手機上確認登入', '我們已寄出一封電子郵件', '請選擇驗證方式'],
  ja: [
    'リカバリーコード',
    'スマホに通知を送信しました',
    'メール内のリンクをクリックしてください',
    '認証方法を選択してください',
  ],
  ko: ['복구 코드', '휴대폰에서 로그인을 승인해 주세요', '이메일로 링크를 보냈습니다', '인증 방법을 선택하세요'],
  de: [
    'Wiederherstellungscode',
    'Bestätigen Sie die Anmeldung auf Ihrem Smartphone',
    'Wählen Sie eine Bestätigungsmethode',
  ],
  fr: ['Code de secours', 'Approuvez la connexion sur votre téléphone', 'Nous vous avons envoyé un e-mail'],
  es: ['Código de recuperación', 'Apruebe el inicio de sesión en su móvil', 'Elige un método de verificación'],
  pt: ['Código de recuperação', 'Aprove o login no seu celular', 'Enviámos um e-mail com um link'],
  it: ['Codice di recupero', 'Approva l’accesso sul tuo telefono', 'Ti abbiamo inviato un’e-mail'],
  ru: ['Резервный код', 'Подтвердите вход на телефоне', 'Выберите способ подтверждения'],
  nl: ['Herstelcode', 'Bevestig de aanmelding op je telefoon', 'We hebben je een e-mail gestuurd'],
  pl: ['Kod zapasowy', 'Zatwierdź logowanie w telefonie', 'Wysłaliśmy e-mail z linkiem'],
  tr: ['Kurtarma kodu', 'Telefonunuzdan girişi onaylayın', 'Size bir e-posta gönderdik'],
  ar: ['رمز الاسترداد', 'وافق على تسجيل الدخول من هاتفك', 'اختر طريقة التحقق'],
};
test.each(Object.entries(ASKS).flatMap(([language, lines]) => lines.map((line) => [language, line])))(
  'what only the person has is asked for in %s: "%s"',
  (_language, line) => {
    expect(play({ story: [[600, page(line)]], told: '' }).result).toBe('more');
  },
);

test.each([
  'Failed sign-ins',
  'Login failures',
  'Locked accounts',
  '密码错误锁定策略',
  'Fehlgeschlagene Anmeldungen',
  'Échecs de connexion : 2',
  'Intentos fallidos',
  'Nieudane logowania',
  'There were 2 failed login attempts since.',
])('"%s" counts what others did', (line) => {
  expect(hear(line)).toMatchObject({ refuses: false, fails: false });
});

test.each([
  'Too many failed logins. Come back in an hour.',
  '登录失败次数过多，请15分钟后再试',
  '密码错误次数超过上限，账号已锁定',
  'Zu viele fehlgeschlagene Anmeldungen',
  'Demasiados intentos fallidos de acceso',
  '로그인 실패 기록이 너무 많아 잠겼습니다',
])('"%s" refuses, although it counts', (line) => {
  expect(hear(line)).toMatchObject({ refuses: true });
});

test.each([
  'Sign-in is not enabled for your network.',
  'You cannot sign in from this address.',
  '您的IP地址不在允许登录的范围内',
  '该用户无权登录',
  '您的帳號未授權登入',
  'ご入力いただいた内容ではログインできません。',
  'このユーザーは許可されていません',
  '이 네트워크에서는 로그인이 허용되지 않습니다',
  'Die Anmeldung ist außerhalb der Geschäftszeiten nicht erlaubt.',
  'La connexion n’est pas autorisée depuis ce réseau.',
  'El acceso no está permitido desde esta red.',
  'O acesso não é permitido a partir desta rede.',
  'L’accesso non è consentito da questa rete.',
  'Вход из этой сети запрещён.',
  'Inloggen vanaf dit netwerk is niet toegestaan.',
  'Logowanie z tej sieci jest niedozwolone.',
  'Bu ağdan girişe izin verilmiyor.',
  'تسجيل الدخول من هذه الشبكة غير مسموح',
])('"%s" lets nobody in', (line) => {
  expect(hear(line)).toMatchObject({ refuses: true });
  expect(play({ story: [[600, page(line, '…')]], told: '' }).result).toBe('refused');
});

test.each([
  'That’s not the right password',
  'Access to this account is restricted',
  'Wir konnten Sie leider nicht anmelden',
  'Es existiert kein Konto mit dieser E-Mail',
  'Adresse e-mail ou mot de passe non reconnus',
  'No hemos encontrado ninguna cuenta con ese correo',
  'Não encontramos uma conta com esse e-mail',
  'Il tuo account è stato sospeso',
  'Проверьте правильность логина и пароля',
  'We kunnen geen account vinden met dit e-mailadres',
  'Böyle bir kullanıcı yok',
  'تم حظر حسابك',
  '아이디나 비밀번호를 확인하세요',
  '비밀번호를 5회 잘못 입력했습니다',
  'No active account found with the given credentials',
  '查無此帳號',
  'お客様番号またはパスワードをお確かめください',
  '등록되지 않은 회원입니다.',
  'Kein Benutzer mit diesem Namen gefunden',
  'Bitte überprüfen Sie Benutzername und Passwort',
  'Le mot de passe saisi n’est pas correct.',
  'A senha não está correta',
  'Le credenziali inserite non sono corrette.',
  'Deze inloggegevens zijn bij ons niet bekend',
  'Hasło jest niewłaściwe',
  'Girdiğiniz bilgiler doğru değil',
])('"%s" refuses', (line) => {
  expect(hear(line)).toMatchObject({ refuses: true });
});

test.each([
  'Unable to reach the server',
  '网络连接失败，请稍后重试',
  '服务器开小差了',
  '網路連線失敗',
  '네트워크 연결 오류',
  'Le serveur ne répond pas',
  'Sem ligação à Internet',
  'Il server non risponde',
  'Sunucuya bağlanılamadı',
  'تعذر الاتصال بالخادم',
])('"%s" is the line’s fault, nobody’s password', (line) => {
  expect(hear(line)).toMatchObject({ isBroken: true, refuses: false, fails: false });
});

test.each([
  'Incorrect password. Make sure that cookies are enabled.',
  'Invalid user name or password. If your session has expired, load the page anew.',
  'Login failed. Please make sure your browser accepts cookies.',
  'Anmeldung fehlgeschlagen. Bitte prüfen Sie, ob Cookies erlaubt sind: cookies aktivieren.',
  'Anmeldung fehlgeschlagen. Bitte Cookies aktivieren.',
  'Identifiant ou mot de passe incorrect. Activez les cookies.',
  'Неверный пароль. Включите cookie.',
  '用户名或密码错误。请启用 Cookie 后重试。',
  '登录失败。请启用 Cookie。',
  '비밀번호가 틀렸습니다. 쿠키를 허용해 주세요.',
  'パスワードが正しくありません。 クッキーを有効にしてください。',
  'كلمة المرور غير صحيحة. يرجى تفعيل ملفات تعريف الارتباط.',
])('"%s" refuses, and hints at something else', (line) => {
  expect(hear(line)).toMatchObject({ refuses: true, isBroken: false });
  expect(play({ story: [[600, { ...again, ...says(line) }]], told: '' }).result).toBe('refused');
});

test.each([
  'Login failed. Your session has expired.',
  'Could not check your password. The server is unavailable.',
  'Please enable cookies in your browser to sign in. Cookies are disabled.',
  '登录失败，会话已过期',
  'Anmeldung fehlgeschlagen: Serverfehler',
])('"%s" has judged nobody', (line) => {
  expect(hear(line)).toMatchObject({ refuses: false, isBroken: true });
  expect(play({ story: [[600, { ...again, ...says(line) }]], told: '' }).result).toBe('cannot-tell');
});

test.each([
  'Recovery codes',
  'Recovery codes: 8',
  '8 recovery codes left',
  'View your backup codes',
  'Generate new recovery codes',
  '查看恢复码',
  '重新生成恢复码',
  '剩余 8 个备用验证码',
  'Wiederherstellungscodes',
  'Neue Wiederherstellungscodes erzeugen',
  'Codes de secours',
  'Télécharger mes codes de secours',
  'Códigos de recuperación',
  'Показать резервный код',
  'リカバリーコードを表示',
  '복구 코드 다운로드',
  'إنشاء رمز احتياطي',
])('whoever is in keeps "%s", and is asked for nothing', (line) => {
  expect(play({ story: [[600, page('Security', line, 'Devices')]], told: '' }).result).toBe('signed-in');
});

test.each(['Enter a recovery code', 'Use one of your backup codes', 'Enter one of the recovery codes you printed'])(
  '"%s" asks for one',
  (line) => {
    expect(play({ story: [[600, page(line)]], told: '' }).result).toBe('more');
  },
);

test.each<[string, string, Partial<Look>, string]>([
  ['robin', 'the name in it', page('Welcome, robin', 'Login', 'Role'), 'signed-in'],
  ['robin@shop.example', 'what the address begins with in it', page('欢迎您，Robin', '登录', '角色'), 'signed-in'],
  ['robin', 'nobody’s name in it', page('Welcome to the shop', 'Login', 'Lamps'), 'cannot-tell'],
  ['jo', 'a name that any word may have in it', page('Welcome to the job market', 'Login', 'Lamps'), 'cannot-tell'],
  ['robin', 'a name that stood there before', page('Hello robin', 'Login'), 'cannot-tell'],
])('to "%s" a greeting with %s stands beside a column "Login"', (account, _what, shown, told) => {
  const before = { account, lines: [...HEAD, 'Hello robin'] };
  expect(play({ before, story: [[600, shown]], told }).result).toBe(told);
});

test.each([
  '登录不成功',
  '登录未成功',
  '登入不成功',
  'Anmeldung nicht erfolgreich',
  'Die Anmeldung war leider erfolglos',
  'Sign-in was not successful',
  'Your login wasn’t successful',
  'Giriş başarılı değil',
  'La connexion n’a pas abouti',
  'El inicio de sesión no ha tenido éxito',
  'Autenticação sem sucesso',
  'Accesso senza successo',
  'Вход не успешен',
  'Inloggen niet geslaagd',
  'Logowanie zakończone niepowodzeniem',
  '로그인에 성공하지 못했습니다',
  'ログインに成功しませんでした',
  'تسجيل الدخول لم ينجح',
  '고객님의 비밀번호가 다릅니다',
  'Incorrect password. Attempts left: 3',
  'Incorrect password, attempts left: 3',
  'The password, as you typed it, is wrong. You have 2 attempts left.',
  '密码错误，剩余次数: 3',
  '账号或密码不正确，还剩2次输入次数',
  '2 attempts left: wrong password',
  'The password is incorrect. Did you forget your password?',
  '密码错误，是否忘记密码？',
  'Falsches Passwort. Passwort vergessen?',
])('"%s" refuses, and welcomes nobody', (line) => {
  expect(hear(line)).toMatchObject({ refuses: true, greets: false, isIn: false });
  expect(play({ story: [[600, page(line)]], told: '' }).result).toBe('refused');
});

test.each([
  '您已退出登录',
  '您尚未登录，请返回',
  '您未登录成功',
  'You have been signed out',
  'You are not logged in as an owner',
  'Sie wurden erfolgreich abgemeldet',
  'Vous avez été déconnecté',
  'Ha cerrado sesión',
  'ログアウトしました',
  '로그아웃되었습니다',
  'Вы вышли из системы',
  'U bent uitgelogd',
  'Wylogowano',
  'Çıkış yapıldı',
])('"%s" is said to somebody who is out', (line) => {
  expect(hear(line)).toMatchObject({ isIn: false, leaves: false, greets: false });
  expect(play({ story: [[600, page(line)]], told: '' }).result).not.toBe('signed-in');
});

const NEWS = Array.from({ length: 9 }, (_, k) => `News of the day, number ${k} of this week`);
test.each<[string, Partial<Look>, string]>([
  ['a way to one’s account', page('Wrong password. Please try again', 'My account'), 'refused'],
  ['a way home, at length', page('密码错误', '首页', '控制台', ...NEWS.slice(0, 6)), 'refused'],
  [
    'a way home, said in an alert',
    { ...page('首页', '个人中心', ...NEWS, ...NEWS), alert: '用户名或密码错误' },
    'refused',
  ],
  ['a greeting for all', page('Welcome to the shop', 'Falsches Passwort', 'Mein Konto'), 'refused'],
  [
    'a board, at greater length',
    page('Dashboard', 'Invalid user name or password', ...NEWS.map((line) => `${line}, and more of it`)),
    'cannot-tell',
  ],
  [
    'a magazine',
    page('Unknown user', ...Array.from({ length: 30 }, (_, k) => `Story ${k} of those that were told`)),
    'cannot-tell',
  ],
  ['a way out', page('Failed to load the user picture', 'Log out'), 'signed-in'],
])('a refusal beside %s', (_what, shown, told) => {
  expect(play({ story: [[600, shown]], told }).result).toBe(told);
});

/** The form again, with fields by other names, as a server gives it that makes them up or adds a riddle. */
const renamed = { ...again, fields: 'x81 text,p81 password,captcha text' };
test.each<[string, Partial<Look>, string]>([
  ['is filled in already', { ...renamed, typed: true }, 'cannot-tell'],
  ['is empty', renamed, 'refused'],
  ['is empty, below a greeting', { ...renamed, lines: ['Hello and welcome'] }, 'cannot-tell'],
  ['asks for the name, and holds it', { ...renamed, step: 'name', typed: true }, 'refused'],
  [
    'asks for the name, and links to the account',
    { ...renamed, step: 'name', typed: true, lines: ['My account'] },
    'refused',
  ],
  ['is filled in, and one can leave', { ...renamed, typed: true, lines: ['Sign out'] }, 'signed-in'],
])('another form in another document that %s', (_what, shown, told) => {
  expect(play({ story: [[600, shown]], told }).result).toBe(told);
});

test.each(['Sicherheitscode ist falsch', '驗證碼錯誤', 'Неверный код', 'Código inválido', '인증번호가 틀렸습니다'])(
  '"%s" does not keep a place for a code from being one',
  (line) => {
    expect(play({ story: [[600, { ...again, typed: true, otp: true, alert: line }]], told: '' }).result).toBe('otp');
  },
);

test.each<[string, Partial<Look>]>([
  ['is broken', says('A server error has occurred.')],
  ['is broken, in Chinese', { alert: '系统繁忙，请稍后再试' }],
  ['is broken, without a word', { status: 503 }],
  ['finds its form too old', says('The page has expired. Please try again.')],
  ['finds its form too old, in Chinese', says('登录已过期，请重新登录')],
  ['finds its form too old, in German', says('Ihre Sitzung ist abgelaufen. Bitte melden Sie sich erneut an.')],
  ['finds its form too old, in Russian', says('Сеанс истёк. Войдите снова.')],
  ['finds its form too old, in Arabic', says('انتهت صلاحية الجلسة، حاول مرة أخرى')],
])('a site that shows the form again because it %s has refused nothing', (_what, shown) => {
  expect(play({ story: [[600, { ...again, ...shown }]], told: '' }).result).toBe('cannot-tell');
});

/** Says much, and nothing of how it went. */
const MUCH = 'It is kept for half an hour, and nothing is lost meanwhile. Whoever has a question may call the desk.';
test.each<[string, Partial<Look>, string]>([
  ['has nothing at its address', { ...page('Page not found', 'Home'), status: 404 }, 'cannot-tell'],
  ['was asked too often', { ...page('Too many requests', MUCH), status: 429 }, 'cannot-tell'],
  ['was sent too late', { ...page('Page expired'), status: 419 }, 'cannot-tell'],
  ['wants cookies', page('Please enable cookies in your browser to continue.', MUCH), 'cannot-tell'],
  ['wants cookies, in Chinese', page('请启用 Cookie 后再访问本站', MUCH), 'cannot-tell'],
  ['knows no such browser', page('Ihr Browser wird nicht unterstützt.', MUCH), 'cannot-tell'],
  ['forbids at first, and looks for robots', { ...page('Just a moment…', 'Checking your browser'), status: 403 }, ''],
  ['forbids at first, and asks', { ...page('Verify it is you'), status: 403, obstacle: 'captcha' }, 'more'],
  ['forbids at first, and has sent a mail', { ...page('Check your inbox'), status: 403 }, 'more'],
  ['lets one wait', page('You are now in line', 'Estimated wait time: 4 minutes.'), ''],
  ['forbids, and that is all', { ...page('Nginx'), status: 403 }, 'refused'],
])('a page without a form that %s is not told to have judged what it did not', (_what, shown, told) => {
  const { result } = play({ story: [[600, shown]], told });
  expect(result).toBe(told || 'cannot-tell');
});

test.each([
  'Too many failed attempts. Try again in 15 minutes.',
  '尝试次数过多，请15分钟后再试',
  '試行回数の上限を超えました',
  'Zu viele Fehlversuche.',
  'Trop de tentatives. Réessayez plus tard.',
  'Demasiados intentos fallidos',
  'Слишком много попыток',
  'Troppi tentativi',
])('who has tried too often was refused, whatever the status: "%s"', (line) => {
  expect(play({ story: [[600, { ...page(line), status: 429 }]], told: '' }).result).toBe('refused');
});

test.each([404, 419, 429])('a script’s request that is answered with %d refuses nothing', (answer) => {
  expect(play({ story: [[600, { ...sent, answer }]], told: '' }).result).toBe('cannot-tell');
});

/** A code step in a document of its own. */
const codeStep = (...lines: string[]): Partial<Look> => ({ mark: 'second', step: 'code', lines: ['Shop', ...lines] });
test.each([
  'Scan the QR code with your authenticator app',
  '请使用身份验证器扫描下方二维码',
  '請掃描下方條碼',
  '認証アプリで QR コードをスキャンしてください',
  '인증 앱으로 QR 코드를 스캔하세요',
  'Scannen Sie den QR-Code mit Ihrer App.',
  'Scannez le code QR avec votre application',
  'Escanee el código QR con su aplicación',
  'Leia o código QR com o aplicativo',
  'Scansiona il codice QR con la tua app',
  'Отсканируйте QR-код в приложении',
  'Scan de QR-code met je app',
  'Zeskanuj kod QR w aplikacji',
  'Uygulamanızla QR kodunu tarayın',
  'امسح رمز الاستجابة السريعة',
])('a code is not asked of the phone where a second factor is only set up: "%s"', (line) => {
  expect(play({ story: [[600, codeStep(line)]], told: '' })).toMatchObject({ result: 'more' });
  // Who may sign in by such a code has read that before.
  expect(play({ before: { lines: [...HEAD, line] }, story: [[600, codeStep(line)]], told: '' }).result).toBe('otp');
});

test.each([
  'Use a passkey instead',
  '使用通行密钥登录',
  '改用通行金鑰',
  '使用安全金鑰',
  '請輸入您已綁定裝置上的驗證碼',
])('a code is asked for beside another way: "%s"', (line) => {
  expect(play({ story: [[600, codeStep(line)]], told: '' }).result).toBe('otp');
});

test.each(['Zaloguj się', 'Zaloguj', 'Log in', 'Login', '登录'])('"%s" is the way in and nothing else', (line) => {
  expect(hear(line)).toMatchObject({ letsIn: true });
  expect(hear(`${line}: history of the last week, in a table`)).toMatchObject({ letsIn: false });
});

/** What the browser tells of a request; times in ms since the document was opened. */
const request = (name: string, startTime: number, responseStatus: number, initiatorType = 'fetch') => ({
  name: `https://site.example/${name}`,
  startTime,
  responseStatus,
  initiatorType,
});
const POLL = request('session', 10, 401);
const LATER = request('session', 130, 401);
test.each<[string, readonly object[], number]>([
  ['the form’s request', [request('login', 101, 401)], 401],
  ['a poll beside a slow sign-in', [request('session', 1_130, 401)], 0],
  ['a request that was on its way already', [request('news', 90, 500)], 0],
  ['a request of the fields, as they were filled', [request('check', 50, 500)], 0],
  ['a beacon, and what the page may not read', [request('hit', 110, 204, 'beacon'), request('count', 111, 0)], 0],
  ['a token that had run out, and the sign-in', [request('token', 110, 401), LATER, request('login', 120, 200)], 200],
  ['a poll that had not come before', [request('late', 1_130, 401)], 1],
  ['the form’s request, and then a poll', [request('login', 101, 200), request('late', 1_130, 401)], 200],
  ['one address for everything', [request('session', 101, 200)], 1],
])('the answer to a press at 100 ms is found in %s', (_what, entries, status) => {
  let tell: (list: { getEntries(): readonly object[] }) => void = () => {};
  class Observer {
    constructor(heard: typeof tell) {
      tell = heard;
    }
    observe(): void {}
  }
  vi.stubGlobal('PerformanceObserver', Observer);
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1);
  try {
    const traffic = new Traffic();
    tell({ getEntries: () => [POLL, request('login', 0, 403, 'script')] });
    traffic.begin();
    tell({ getEntries: () => [request('fields', 2, 200)] });
    clock.mockReturnValue(100);
    traffic.begin();
    tell({ getEntries: () => entries });
    expect(traffic.status).toBe(status);
    // Whoever tries again is answered by the same address.
    clock.mockReturnValue(200);
    traffic.begin();
    tell({ getEntries: () => [request('login', 210, 403)] });
    expect(traffic.status).toBe(403);
  } finally {
    clock.mockRestore();
    vi.unstubAllGlobals();
  }
});

test('what a page says to whoever is in is not kept with the sign-in', () => {
  const kept = identityOf({ look: lookOf({ ...form, alert: 'Hello robin' }), documentId: 'one' });
  expect(kept).toEqual({ mark: 'first', title: 'Site', step: 'sign-in', alert: '', documentId: 'one' });
});
