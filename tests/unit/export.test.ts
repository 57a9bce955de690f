// Moving out: what is written comes back, and holds nothing that its readers cannot. Programs that are not ours read it in
// tests/e2e/exports.test.ts.
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { writeKdbx } from '../../src/phone/transfer/importers/kdbx.ts';
import { readExport } from '../../src/phone/transfer/read.ts';
import { writeBitwarden, writeCsv } from '../../src/phone/transfer/write.ts';
import { newAccount } from '../../src/phone/vault/document.ts';
import { codeAt } from '../../src/phone/vault/totp.ts';

const CHEAP = { memory: 8 * 1024, passes: 1 };
const [SEED, STEAM] = ['JBSWY3DPEHPK3PXP', 'JRZCL47CMXVOQMNPZR2F7J4RGI'];
const SET = Date.UTC(2020, 8, 13);
const ACCOUNTS = [
  newAccount({
    ...{ id: '1', title: 'pasted\u000btitle', sites: ['https://a.example', 'https://b.example'], favourite: true },
    ...{
      username: 'an\u0001n',
      password: '=1+1,"q"\n\u001b',
      tenant: 'Ward',
      notes: '- milk\n- \ud800',
      passwordAt: SET,
    },
    totp: `otpauth://totp/A:ann?issuer=A&secret=${SEED}&algorithm=SHA1&digits=6&period=30`,
    history: [
      { password: 'p1', until: SET },
      { password: 'p0', until: SET - 1000 },
    ],
    changedAt: SET + 5000,
  }),
  newAccount({
    ...{ id: '2', sites: ['https://c.example:8443'], username: '@bob', password: '-p', notes: '=HYPERLINK("x")' },
    totp: `otpauth://totp/Steam:bob?issuer=Steam&secret=${STEAM}&algorithm=SHA1&digits=5&period=30&encoder=steam`,
    ...{ passwordAt: SET, changedAt: SET },
  }),
  newAccount({ id: '3', title: '+1 (call', username: 'cyd', password: 'x', changedAt: SET, passwordAt: 0 }),
];
const codeOf = (one: { totp: string } | undefined) => codeAt(one?.totp ?? '', SET);
const read = (file: string | Uint8Array, password?: string) =>
  readExport('file', typeof file === 'string' ? new TextEncoder().encode(file) : file, password);

describe('KDBX', () => {
  test('comes back whole: secrets to the last character, history and times, further addresses', async () => {
    const { entries, unread } = await read(await writeKdbx(ACCOUNTS, 'k', CHEAP), 'k');
    expect(unread).toEqual([]);
    const [first, second, third] = entries;
    expect(first).toMatchObject({
      username: 'an\u0001n',
      password: '=1+1,"q"\n\u001b',
      tenant: 'Ward',
      favourite: true,
    });
    expect(first).toMatchObject({ urls: ACCOUNTS[0]?.sites, at: SET, history: ACCOUNTS[0]?.history });
    expect(await Promise.all([first, second].map(codeOf))).toEqual(await Promise.all(ACCOUNTS.slice(0, 2).map(codeOf)));
    // What no reader of XML takes is a blank in what people read.
    expect([first?.title, first?.notes]).toEqual(['pasted title', '- milk\n- \ufffd']);
    expect(second).toMatchObject({ title: 'c.example:8443', urls: ['https://c.example:8443'], password: '-p' });
    expect(third).toMatchObject({ title: '+1 (call', at: SET });
  });
});

describe('Bitwarden’s JSON', () => {
  test('comes back whole', async () => {
    const { entries } = await read(writeBitwarden(ACCOUNTS));
    for (const [index, { password, username, history, sites }] of ACCOUNTS.entries())
      expect(entries[index]).toMatchObject({ password, username, history, urls: sites });
    for (const index of [0, 1]) expect(await codeOf(entries[index])).toBe(await codeOf(ACCOUNTS[index]));
  });
  test('has the dates, the fields and Steam’s address as Bitwarden writes them', () => {
    const [first, second, third] = JSON.parse(writeBitwarden(ACCOUNTS)).items;
    expect(first).toMatchObject({
      ...{ creationDate: '2020-09-12T23:59:59.000Z', revisionDate: '2020-09-13T00:00:05.000Z', deletedDate: null },
      login: { passwordRevisionDate: '2020-09-13T00:00:00.000Z' },
      fields: [{ name: 'Tenant', value: 'Ward', type: 0 }],
    });
    expect(first.passwordHistory[0]).toEqual({ password: 'p1', lastUsedDate: '2020-09-13T00:00:00.000Z' });
    expect([second.name, second.login.totp, second.fields]).toEqual(['c.example:8443', `steam://${STEAM}`, []]);
    expect(third.login.passwordRevisionDate).toBeNull();
  });
});

describe('CSV', () => {
  const rows = Papa.parse<Record<string, string>>(writeCsv(ACCOUNTS), { header: true }).data;
  test('has one address a row, as browsers read it, and the code once', () => {
    expect(rows.map(({ login_uri }) => login_uri)).toEqual([
      ...['https://a.example', 'https://b.example', 'https://c.example:8443', ''],
    ]);
    expect(rows.map(({ login_totp }) => login_totp)).toEqual([ACCOUNTS[0]?.totp, '', `steam://${STEAM}`, '']);
    expect(rows[1]).toMatchObject({ type: 'login', login_username: 'an\u0001n', login_password: '=1+1,"q"\n\u001b' });
  });
  test('no title and no note runs in a spreadsheet; names and passwords, and lists, stand as they are', () => {
    expect(rows.map(({ name }) => name)).toEqual([
      ...['pasted\u000btitle', 'pasted\u000btitle', 'c.example:8443', "'+1 (call"],
    ]);
    expect(rows.map(({ notes }) => notes)).toEqual(['- milk\n- \ud800', '- milk\n- \ud800', `'=HYPERLINK("x")`, '']);
    expect(rows[2]).toMatchObject({ login_username: '@bob', login_password: '-p' });
  });
  test('comes back whole', async () => {
    const { entries, source, unread } = await read(writeCsv(ACCOUNTS));
    expect([source, unread, entries.length]).toEqual(['Scankey', [], ACCOUNTS.length]);
    for (const [index, { password, username, sites, notes, tenant, favourite }] of ACCOUNTS.entries())
      expect(entries[index]).toMatchObject({
        ...{ password, username, urls: sites, tenant, favourite, notes: notes.toWellFormed() },
      });
    expect(entries[2]?.title).toBe('+1 (call');
    for (const index of [0, 1]) expect(await codeOf(entries[index])).toBe(await codeOf(ACCOUNTS[index]));
  });
});
