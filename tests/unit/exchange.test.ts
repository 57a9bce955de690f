// Two phones and one sealed backup between them: nothing is lost, whoever is faster, and a companion that gives back less than it
// was given is found out.
import { beforeAll, describe, expect, test } from 'vitest';
import { accountsOf } from '../../src/phone/vault/accounts.ts';
import { newAccount, newDocument } from '../../src/phone/vault/document.ts';
import { backupOf, type Synced } from '../../src/phone/vault/exchange.ts';
import { createVault, seal, type Vault } from '../../src/phone/vault/format.ts';
import { guessLimit } from '../../src/phone/vault/guess-limit.ts';
import type { Remote, RemoteCopies } from '../../src/phone/vault/remote-copies.ts';
import { waysOf } from '../../src/phone/vault/ways.ts';
import { randomBytes, toBase64 } from '../../src/protocol/encoding.ts';
import { ScankeyError } from '../../src/protocol/errors.ts';
import { employCheaply } from '../fakes/workshop.ts';
import { LOW, phone, SECRET } from './phone-in-memory.ts';

beforeAll(employCheaply);

const recovery = randomBytes(16);
const PASSPHRASE = 'correct horse battery staple';
const document = {
  ...newDocument([newAccount({ id: 'ann', password: 'p', changedAt: 1 })]),
  recovery: toBase64(recovery),
};
let made: Vault;

beforeAll(async () => {
  const secrets = [
    SECRET,
    { k: 'pass', passphrase: PASSPHRASE },
    { k: 'backup', passphrase: PASSPHRASE, recovery },
  ] as const;
  made = await createVault(secrets, document, undefined, LOW);
});

/** A companion that stores the newest copy. */
function companion() {
  const stored: { copy?: Remote; away?: boolean; beforeWrite?: () => Promise<void> } = {};
  const reach = () => {
    if (stored.away) throw new ScankeyError('unreachable');
  };
  const remote: RemoteCopies = {
    async read() {
      reach();
      return stored.copy;
    },
    async write(_key, ifRev, copy) {
      reach();
      const work = stored.beforeWrite;
      delete stored.beforeWrite;
      await work?.();
      if ((stored.copy?.rev ?? 0) !== ifRev || copy.rev <= ifRev) throw new ScankeyError('conflict');
      stored.copy = copy;
    },
    async remove() {
      reach();
      delete stored.copy;
    },
  };
  return { stored, remote };
}

/** What a phone stores of its exchanges, for as many runs of its page as a test wants. */
function memory({ records }: { records: Record<string, unknown> }) {
  return {
    readSynced: async () => records.synced as Synced | undefined,
    async writeSynced(synced: Synced | undefined) {
      records.synced = synced;
    },
    recordOfSynced: (synced: Synced) => ({ synced }),
  };
}

async function phoneAt(remote: RemoteCopies, name: string, records = {}, now = () => 1000) {
  const { tab, disk } = phone();
  disk.records = records;
  const store = memory(disk);
  const { vault } = tab();
  let tries = { wrong: 0, until: 0 };
  const limit = guessLimit(
    {
      readTries: async () => tries,
      async writeTries(next) {
        tries = next;
      },
    },
    () => 0,
  );
  const backup = backupOf({
    ...{ vault, limit, remote, ways: waysOf(vault, limit) },
    ...{ store, now },
    by: () => name,
  });
  await vault.begin(made);
  const accounts = accountsOf(vault, false);
  const ids = () => accounts.value.map(({ id }) => id).sort();
  return {
    vault,
    backup,
    accounts,
    ids,
    add: (id: string) => accounts.change(id, () => newAccount({ id, changedAt: 2 })),
  };
}

async function two() {
  const { stored, remote } = companion();
  const [left, right] = [await phoneAt(remote, 'left'), await phoneAt(remote, 'right')];
  await left.backup.sync();
  await right.backup.sync();
  return { stored, left, right };
}

describe('two phones', () => {
  test('have the accounts of both after each has spoken', async () => {
    const { left, right, stored } = await two();
    await left.add('left');
    await right.add('right');
    for (const one of [left, right, left]) await one.backup.sync();
    expect(left.ids()).toEqual(['ann', 'left', 'right']);
    expect(right.ids()).toEqual(left.ids());
    expect(left.backup.standing.value).toEqual({ at: 1000 });
    const { copy } = stored;
    await right.backup.sync();
    expect(stored.copy).toBe(copy);
  });

  test('lose nothing when one is faster between the other’s look and its word', async () => {
    const { left, right, stored } = await two();
    await left.add('left');
    await right.add('right');
    stored.beforeWrite = () => right.backup.sync();
    await left.backup.sync();
    await right.backup.sync();
    expect([left.ids(), right.ids()]).toEqual([
      ['ann', 'left', 'right'],
      ['ann', 'left', 'right'],
    ]);
  });

  test('delete what one deleted, but not what the other changed meanwhile', async () => {
    const { left, right } = await two();
    await left.add('bob');
    await left.backup.sync();
    await right.backup.sync();
    await left.accounts.change('ann', () => undefined);
    await left.accounts.change('bob', () => undefined);
    await right.accounts.change('bob', (one) => one && { ...one, notes: 'kept', changedAt: 9 });
    for (const one of [left, right, left]) await one.backup.sync();
    expect([left.ids(), right.ids()]).toEqual([['bob'], ['bob']]);
  });

  test('delete what the one made here and the other deleted there', async () => {
    const { left, right } = await two();
    await left.add('bob');
    for (const one of [left, right]) await one.backup.sync();
    await right.accounts.change('bob', () => undefined);
    for (const one of [right, left]) await one.backup.sync();
    expect([left.ids(), right.ids()]).toEqual([['ann'], ['ann']]);
  });

  test('what is added while an exchange runs goes up with it or with the next', async () => {
    const { left, stored } = await two();
    await left.add('one');
    stored.beforeWrite = async () => {
      await left.add('two');
      void left.backup.sync();
    };
    await left.backup.sync();
    const late = await phoneAt({ ...companion().remote, read: async () => stored.copy }, 'late');
    await late.backup.sync();
    expect(late.ids()).toEqual(['ann', 'one', 'two']);
  });
});

describe('twenty phones', () => {
  test('that all change the vault at once have everything in the end, and the companion one copy of it', async () => {
    const { stored, remote } = companion();
    const phones = await Promise.all(Array.from({ length: 20 }, (_, n) => phoneAt(remote, `phone ${n}`)));
    await phones[0]?.backup.sync();
    await Promise.all(phones.map((one, n) => one.add(`of ${n}`)));
    const said = new Set<string | undefined>();
    const all = ['ann', ...phones.map((_, n) => `of ${n}`)].sort();
    const alike = () => phones.every((one) => one.ids().join() === all.join());
    // Whoever was outrun as often as it tries says so, and tries again when it is next looked at.
    for (let rounds = 0; rounds < 20 && !alike(); rounds++) {
      await Promise.all(phones.map((one) => one.backup.sync()));
      for (const { backup } of phones) said.add(backup.standing.value.problem);
    }
    expect(alike()).toBe(true);
    expect([...said].filter((problem) => problem && problem !== 'busy')).toEqual([]);
    const { copy } = stored;
    await Promise.all(phones.map((one) => one.backup.sync()));
    expect(stored.copy).toBe(copy);
  });
});

describe('a companion', () => {
  test('that is away is told of, and nothing is lost', async () => {
    const { left, stored } = await two();
    stored.away = true;
    await left.add('offline');
    await left.backup.sync();
    expect(left.backup.standing.value.problem).toBe('unreachable');
    stored.away = false;
    await left.backup.sync();
    expect(left.backup.standing.value).toEqual({ at: 1000 });
    expect(left.ids()).toEqual(['ann', 'offline']);
  });

  test('that is away when the page is opened is told of with the time when it last had everything', async () => {
    const { stored, remote } = companion();
    const records = {};
    for (const at of [1000, 2000]) await (await phoneAt(remote, 'left', records, () => at)).backup.sync();
    stored.away = true;
    const { backup } = await phoneAt(remote, 'left', records, () => 9000);
    await backup.sync();
    expect(backup.standing.value).toEqual({ at: 2000, problem: 'unreachable' });
  });

  test('that was set back is found out, until the person puts this phone’s state there', async () => {
    const { left, stored } = await two();
    const { copy: old } = stored;
    await left.add('new');
    await left.backup.sync();
    const { copy: seen } = stored;
    if (old) stored.copy = old;
    await left.backup.sync();
    expect(left.backup.standing.value).toMatchObject({
      problem: 'backup-older',
      older: { rev: old?.rev, seenRev: seen?.rev },
    });
    expect(left.ids()).toEqual(['ann', 'new']);
    await left.backup.putBack();
    expect(stored.copy?.rev).toBe((seen?.rev ?? 0) + 1);
    await left.backup.sync();
    expect(left.backup.standing.value).toEqual({ at: 1000 });
  });

  test('that lost the backup, damaged it, or lies about its revision is told of', async () => {
    const { left, stored } = await two();
    const { copy } = stored;
    if (!copy) throw new Error('no copy');
    const blob = copy.blob.slice();
    blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1;
    for (const [wrong, problem] of [
      [{ rev: copy.rev + 1, blob }, 'backup-damaged'],
      [{ rev: copy.rev + 1, blob: copy.blob }, 'backup-damaged'],
      [undefined, 'no-backup'],
    ] as const) {
      if (wrong) stored.copy = wrong;
      else delete stored.copy;
      await left.backup.sync();
      expect(left.backup.standing.value.problem).toBe(problem);
      expect(left.ids()).toEqual(['ann']);
    }
  });
});

test.each(['SKV2', 'SKV1'])(
  'what a later version backed up in a file of %s is neither merged nor replaced',
  async (mark) => {
    const { left, stored } = await two();
    const current = left.vault.current.value;
    if (!current || !stored.copy) throw new Error('nothing there');
    const rev = stored.copy.rev + 1;
    const { blob } = await seal(current, { v: 3, elsewhere: [] } as never, 5, { rev, only: 'backup' });
    blob.set(Buffer.from(mark));
    const copy = { rev, blob };
    stored.copy = copy;
    await left.add('mine');
    await left.backup.sync();
    expect(left.backup.standing.value.problem).toBe('vault-newer');
    expect(left.ids()).toEqual(['ann', 'mine']);
    // It can be seen of the file alone that it must not be replaced, whatever the person has been told of it.
    if (mark === 'SKV2') await expect(left.backup.putBack()).rejects.toMatchObject({ code: 'vault-newer' });
    expect(stored.copy).toBe(copy);
  },
);

test('a passphrase that another phone changed is asked for, and taken up with what both had', async () => {
  const { left, right } = await two();
  const passphrase = 'another one altogether';
  await left.vault.rekey(async ({ header, ...now }) => {
    const secrets = [SECRET, { k: 'pass', passphrase }, { k: 'backup', passphrase, recovery }] as const;
    const renewed = await createVault(secrets, now.document, header.vault, LOW);
    return { ...renewed, header: { ...renewed.header, rev: header.rev } };
  });
  await left.add('left');
  await left.backup.sync();
  await right.add('right');
  await right.backup.sync();
  expect(right.backup.standing.value.problem).toBe('passphrase-changed');
  await expect(right.backup.takeUpPassphrase('a wrong one')).rejects.toMatchObject({ code: 'wrong-passphrase' });
  await right.backup.takeUpPassphrase(passphrase);
  await left.backup.sync();
  expect([left.ids(), right.ids()]).toEqual([
    ['ann', 'left', 'right'],
    ['ann', 'left', 'right'],
  ]);
  expect(right.backup.standing.value).toEqual({ at: 1000 });
});
