import { describe, expect, test } from 'vitest';
import { wordOf } from '../../src/content/recognise/matching.ts';
import { normalise } from '../../src/extension/spelling.ts';
import { LANGUAGES } from '../sites/languages.ts';

describe('the vocabulary', () => {
  test.each(Object.entries(LANGUAGES))('knows what stands on a sign-in form in %s', (_language, form) => {
    expect(wordOf('name', normalise(form.name))).toBeDefined();
    expect(wordOf('password', normalise(form.password))).toBeDefined();
    expect(wordOf('signIn', normalise(form.signIn))).toBeDefined();
  });

  test.each([
    ['txtUserName', 'name'],
    ['USER-NAME', 'name'],
    ['user_name', 'name'],
    ['Contraseña', 'password'],
    ['HASŁO', 'password'],
    ['パスワード', 'password'],
    ['Şifre', 'password'],
    ['btnSignIn', 'signIn'],
    ['Log-in', 'signIn'],
    ['Réinitialiser', 'reset'],
  ] as const)('"%s" says %s', (text, meaning) => expect(wordOf(meaning, normalise(text))).toBeDefined());

  test.each([
    ['catalogue', 'name'],
    ['compass', 'password'],
    ['hotel', 'phone'],
    ['pinboard', 'code'],
    ['spokesperson', 'next'],
  ] as const)('"%s" does not say %s', (text, meaning) => expect(wordOf(meaning, normalise(text))).toBeUndefined());
});
