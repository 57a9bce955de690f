// The vault while it is open: changes meet what was written meanwhile, by a sync, by another tab, by another phone.
import { describe, expect, test } from 'vitest';
import { planImport } from '../../src/phone/transfer/plan.ts';
import { accountsOf } from '../../src/phone/vault/accounts.ts';
import { type Account, newAccount, replaced } from '../../src/phone/vault/document.ts';
import { edited, fieldsOf, undone } from '../../src/phone/vault/edits.ts';
import { createVault, headerOf } from '../../src/phone/vault/format.ts';
import { mergeDocuments } from '../../src/phone/vault/merge.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { phone, SECRET } from './phone-in-memory.ts';

const ann = newAccount({ id: 'ann', sites: ['https://a.example'], username: 'ann', password: 'old', changedAt: 1 });

async function opened() {
  const { tab, ...rest } = phone();
  const first = tab();
  await first.vault.begin(await createVault([SECRET]));
  await first.accounts.change('ann', () => ann);
  const only = () => first.accounts.value.find(({ id }) => id === 'ann');
  /** What another phone wrote reaches this one, as the backup does it. */
  const sync = (theirs: (accounts: Account[]) => Account[]) => {
    const base = first.vault.current.value?.document;
    if (!base) throw new Error('locked');
    return first.vault.change((ours) => mergeDocuments(base, ours, { ...base, accounts: theirs(base.accounts) }));
  };
  return { ...first, ...rest, tab, only, sync };
}

describe('an edit', () => {
  test('keeps the password that another phone set while the form was open', async () => {
    const { accounts, only, sync } = await opened();
    const shown = fieldsOf(only());
    await sync((all) => all.map((one) => replaced(one, { ...one, password: 'from-the-other-phone' }, 5)));
    await accounts.change('ann', edited('ann', shown, { ...shown, notes: 'mine' }, 6));
    expect(only()).toMatchObject({ password: 'from-the-other-phone', notes: 'mine' });
    expect(only()?.history.map(({ password }) => password)).toEqual(['old']);
  });

  test('of the password as well has the person’s in force and the other in the history', async () => {
    const { accounts, only, sync } = await opened();
    const shown = fieldsOf(only());
    await sync((all) => all.map((one) => replaced(one, { ...one, password: 'from-the-other-phone' }, 5)));
    await accounts.change('ann', edited('ann', shown, { ...shown, password: 'typed' }, 6));
    expect(only()?.password).toBe('typed');
    expect(only()?.history.map(({ password }) => password)).toEqual(['from-the-other-phone', 'old']);
  });

  test('of addresses adds and takes out what the person did, beside what came meanwhile', async () => {
    const { accounts, only, sync } = await opened();
    const shown = fieldsOf(only());
    await sync((all) => all.map((one) => ({ ...one, sites: [...one.sites, 'https://b.example'], changedAt: 5 })));
    await accounts.change('ann', edited('ann', shown, { ...shown, sites: ['https://c.example'] }, 6));
    expect(only()?.sites).toEqual(['https://b.example', 'https://c.example']);
  });

  test('of an account that was deleted meanwhile puts it back as it was typed', async () => {
    const { accounts, only, sync } = await opened();
    const shown = fieldsOf(only());
    await sync(() => []);
    await accounts.change('ann', edited('ann', shown, { ...shown, notes: 'mine' }, 6));
    expect(only()).toMatchObject({ username: 'ann', password: 'old', notes: 'mine' });
  });

  test('that changed nothing writes nothing', async () => {
    const { accounts, only, disk } = await opened();
    const [newest] = disk.copies;
    const shown = fieldsOf(only());
    await accounts.change('ann', edited('ann', shown, shown, 6));
    expect(disk.copies[0]).toBe(newest);
  });
});

describe('a change', () => {
  test('is made again on what another tab wrote at that very moment', async () => {
    const { accounts, vault, tab, only, beforeNextWrite } = await opened();
    const other = tab();
    await other.vault.unlock(SECRET);
    beforeNextWrite(async () => {
      await other.accounts.change('ann', (one) => one && { ...one, notes: 'theirs' });
      await other.accounts.change('bob', () => newAccount({ id: 'bob', password: 'b' }));
    });
    await accounts.change('ann', (one) => one && { ...one, tenant: 'ours' });
    expect(only()).toMatchObject({ notes: 'theirs', tenant: 'ours' });
    await other.vault.adopt();
    expect(other.accounts.value).toEqual(accounts.value);
    expect(accounts.value.map(({ id }) => id).sort()).toEqual(['ann', 'bob']);
    expect(vault.current.value?.header.rev).toBe(5);
  });

  test('waits for the one before it: of a hundred at once none is lost', async () => {
    const { accounts } = await opened();
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => accounts.change(`${n}`, () => newAccount({ id: `${n}`, password: 'p' }))),
    );
    expect(accounts.value).toHaveLength(101);
  });

  test('of a locked vault fails, and one that began before the lock does not open it again', async () => {
    const { accounts, vault, tab, beforeNextWrite } = await opened();
    beforeNextWrite(async () => vault.lock());
    await accounts.change('ann', (one) => one && { ...one, notes: 'late' });
    expect(vault.isUnlocked.value).toBe(false);
    await expect(accounts.change('ann', () => undefined)).rejects.toMatchObject({ code: 'storage-failed' });
    const later = tab();
    await later.vault.unlock(SECRET);
    expect(later.accounts.value).toMatchObject([{ notes: 'late' }]);
  });

  test('fails as overtaken, not as out of room, where another tab changed the passphrase at that very moment', async () => {
    const { accounts, vault, tab, beforeNextWrite } = await opened();
    beforeNextWrite(async () => {
      const other = tab().vault;
      await other.unlock(SECRET);
      await other.rekey(({ document, header }) => createVault([SECRET], document, header.vault));
    });
    await expect(accounts.change('ann', () => undefined)).rejects.toMatchObject({ code: 'other-tab' });
    expect(vault.isUnlocked.value).toBe(false);
  });

  test('cannot give an account another id', async () => {
    const { accounts } = await opened();
    await accounts.change('ann', (one) => one && { ...one, id: 'other' });
    expect(accounts.value.map(({ id }) => id)).toEqual(['ann']);
  });

  test('of a trial stops at three accounts, but those may be changed', async () => {
    const { vault } = await opened();
    const few = accountsOf(vault, true);
    for (const id of ['2', '3']) await few.change(id, () => newAccount({ id }));
    await expect(few.change('4', () => newAccount({ id: '4' }))).rejects.toMatchObject({ code: 'trial-full' });
    await few.change('ann', (one) => one && { ...one, notes: 'changed' });
    await expect(few.importInto((all) => all)).rejects.toMatchObject({ code: 'trial-full' });
    expect(few.value).toHaveLength(3);
  });
});

describe('a change that is taken back', () => {
  test('brings the deleted account back, and the old password, and nothing that came later away', async () => {
    const { accounts, only, sync } = await opened();
    const gone = await accounts.change('ann', () => undefined);
    await accounts.change('ann', undone(gone));
    expect(only()).toEqual(ann);
    const given = { usedAt: 7, usedOn: { browser: 'Chrome 156', os: 'Windows' } };
    const set = await accounts.change('ann', (one) => replaced(one, { ...(one ?? ann), ...given, password: 'new' }, 7));
    await sync((all) => all.map((one) => ({ ...one, notes: 'synced', changedAt: 8 })));
    await accounts.change('ann', undone(set));
    expect(only()).toMatchObject({ password: 'old', notes: 'synced', history: [], usedAt: ann.usedAt });
    expect(only()?.usedOn).toBeUndefined();
    const made = await accounts.change('bob', () => newAccount({ id: 'bob', changedAt: 9 }));
    await accounts.change('bob', (one) => one && { ...one, usedAt: 10 });
    await accounts.change('bob', undone(made));
    expect(accounts.value.map(({ id }) => id)).toEqual(['ann']);
  });
});

test('an import deletes nothing that was synced during its preview', async () => {
  const { accounts, sync, only } = await opened();
  const entries = [
    { title: '', urls: ['https://b.example'], username: 'bob', password: 'p', notes: '', totp: '', favourite: false },
  ].map((one) => ({ ...one, tenant: '', history: [], at: 0 }));
  const planOf = (all: readonly Account[]) => planImport(all, entries, 6, () => 'imported').accounts;
  // The preview.
  expect(planOf(accounts.value)).toHaveLength(2);
  await sync((all) => [
    ...all.map((one) => replaced(one, { ...one, password: 'from-the-other-phone' }, 5)),
    newAccount({ id: 'synced', sites: ['https://c.example'], password: 'q' }),
  ]);
  await accounts.importInto(planOf);
  expect(accounts.value.map(({ id }) => id).sort()).toEqual(['ann', 'imported', 'synced']);
  expect(only()?.password).toBe('from-the-other-phone');
});

describe('another data key', () => {
  test('is written beside what else lies under the old one, and closes the other tabs', async () => {
    const { vault, accounts, tab, disk } = await opened();
    const other = tab();
    await other.vault.unlock(SECRET);
    const said: string[] = [];
    vault.onRekey(async (from, to, write) => {
      said.push(from.key === to.key ? 'same key' : 'other key');
      await write({ guest: 'under the new one' });
      said.push(disk.copies.length === 1 ? 'older copies are gone' : 'older copies stay');
    });
    await vault.rekey(async ({ document, header }) => {
      const made = await createVault([SECRET], document, header.vault);
      return { ...made, header: { ...made.header, rev: header.rev } };
    });
    expect(said).toEqual(['other key', 'older copies are gone']);
    expect(disk.records).toEqual({ guest: 'under the new one' });
    expect(accounts.value).toEqual([ann]);
    await other.vault.adopt();
    expect(other.vault.isUnlocked.value).toBe(false);
  });
});

test('a vault that is erased while another tab has it open does not come back from there', async () => {
  const { tab, disk } = await opened();
  const other = tab();
  await other.vault.unlock(SECRET);
  disk.copies = [];
  await expect(other.accounts.change('bob', () => newAccount({ id: 'bob' }))).rejects.toMatchObject({
    code: 'other-tab',
  });
  expect(disk.copies).toEqual([]);
  expect(other.vault.isUnlocked.value).toBe(false);
});

test('a vault that takes the place of this one closes the other tabs, and is what they open next', async () => {
  const { vault, tab, disk } = await opened();
  const other = tab();
  await other.vault.unlock(SECRET);
  await vault.begin(await createVault([SECRET]), { replaces: true });
  await expect(other.accounts.change('bob', () => newAccount({ id: 'bob' }))).rejects.toMatchObject({
    code: 'other-tab',
  });
  expect(disk.copies).toHaveLength(1);
  await other.vault.unlock(SECRET);
  expect(other.accounts.value).toEqual([]);
});

test('a new data key that finds no room, or another tab’s copy, leaves everything under the old one', async () => {
  const { vault, accounts, tab, disk, beforeNextWrite } = await opened();
  vault.onRekey((_from, _to, write) => write({ guest: 'under a new one' }));
  const renew = () =>
    vault.rekey(async ({ document, header }) => ({ ...(await createVault([SECRET], document)), header }));
  const { copies } = disk;
  beforeNextWrite(async () => {
    throw new ScankeyError('storage-failed');
  });
  await expect(renew()).rejects.toMatchObject({ code: 'storage-failed' });
  expect(disk).toEqual({ copies, records: {} });
  expect(accounts.value).toEqual([ann]);
  const other = tab();
  await other.vault.unlock(SECRET);
  beforeNextWrite(() => other.accounts.change('bob', () => newAccount({ id: 'bob' })).then(() => {}));
  await expect(renew()).rejects.toMatchObject({ code: 'other-tab' });
  expect(disk.records).toEqual({});
  const later = tab();
  await later.vault.unlock(SECRET);
  expect(later.accounts.value.map(({ id }) => id)).toEqual(['ann', 'bob']);
});

test('a change that finds no room leaves the vault as it was, and is made once there is some', async () => {
  const { accounts, only, disk, beforeNextWrite } = await opened();
  const { copies } = disk;
  beforeNextWrite(async () => {
    throw new ScankeyError('storage-failed');
  });
  const change = () => accounts.change('ann', (one) => one && { ...one, notes: 'new' });
  await expect(change()).rejects.toMatchObject({ code: 'storage-failed' });
  expect([disk.copies, only()]).toEqual([copies, ann]);
  await change();
  expect(only()?.notes).toBe('new');
});

test('a damaged newest copy is stepped over, and written anew', async () => {
  const { tab, disk } = await opened();
  const [newest = new Uint8Array(), ...older] = disk.copies;
  const bad = newest.slice();
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
  disk.copies = [bad, ...older];
  const { vault } = tab();
  await vault.unlock(SECRET);
  expect(vault.openedOlder.value).toBe(true);
  expect(disk.copies[1]).toBe(bad);
  expect(headerOf(disk.copies[0] ?? bad).rev).toBe(2);
});

test('a vault whose passphrase was forgotten gives way to the one that is brought here, and to no other', async () => {
  const { vault, tab, disk } = await opened();
  const other = await createVault([SECRET]);
  await expect(vault.begin(other)).rejects.toThrow('other-tab');
  await vault.begin(other, { replaces: true, beside: { synced: 'what the other knew' } });
  // Nothing of the old one is left, which would open with what was forgotten.
  expect(disk.copies.map((copy) => headerOf(copy).vault)).toEqual([other.header.vault]);
  expect(disk.records).toEqual({ synced: 'what the other knew' });
  const later = tab();
  await later.vault.unlock(SECRET);
  expect(later.accounts.value).toEqual([]);
});
