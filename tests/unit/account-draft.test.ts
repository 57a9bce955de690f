// What a form says of an account, judged before it is saved.
import { expect, test } from 'vitest';
import { readDraft } from '../../src/phone/screens/accounts/account-draft.ts';

const form = (fields: Record<string, string>) => (name: string) => fields[name] ?? '';
const SEED = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

test('sites are one a line, in whatever way they are typed, each once', async () => {
  const draft = await readDraft(
    form({ site: 'bank.com\n https://BANK.com/login ,http://nas.local:5000\n\n' }),
    'x',
    '',
  );
  expect(draft).toMatchObject({ sites: ['https://bank.com', 'http://nas.local:5000'], password: 'x' });
});

test('what a form does not say is as it is for a new account', async () => {
  expect(await readDraft(form({ site: 'bank.com', match: 'anything', guard: '' }), 'x', '')).toEqual({
    ...{ title: '', sites: ['https://bank.com'], match: 'origin', username: '', password: 'x' },
    ...{ notes: '', tenant: '', totp: '', guard: 'none' },
  });
});

test.each([
  ['a site that is none', { site: 'not a site' }, 'x', '', 'siteWrong'],
  ['neither a site nor a title', {}, 'x', '', 'siteWrong'],
  ['neither a password nor a code', { site: 'bank.com' }, '', '', 'passwordMissing'],
  ['a code that is none', { site: 'bank.com' }, 'x', '!!', 'totpWrong'],
])('%s is told', async (_name, fields, password, seed, fault) => {
  expect(await readDraft(form(fields as Record<string, string>), password, seed)).toBe(fault);
});

test('a title stands for a site, and a code for a password', async () => {
  expect(await readDraft(form({ title: ' Safe ' }), '1234', '')).toMatchObject({ title: 'Safe', sites: [] });
  expect(await readDraft(form({ site: 'bank.com' }), '', SEED)).toMatchObject({ password: '' });
});
