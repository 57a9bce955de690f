// Moving in from the XML that KeePass 2 and KeePassXC write.
import { expect, test } from 'vitest';
import { readExport } from '../../src/phone/transfer/read.ts';

const read = (file: string) => readExport('file.xml', new TextEncoder().encode(file));
const string = (key: string, value: string, more = '') =>
  `<String><Key>${key}</Key><Value${more}>${value}</Value></String>`;
const times = (at: string) => `<Times><LastModificationTime>${at}</LastModificationTime></Times>`;
const entry = (at: string, inner: string) => `<Entry><UUID>CCXdTN9lYVtsX8OxxqSx1Q==</UUID>${times(at)}${inner}</Entry>`;
const BIN = 'pvIRhgfqaQOsR/OyMH1sSA==';
const file = (entries: string, bin = '', meta = '') => `<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<!-- by KeePass -->
<KeePassFile><Meta><Generator>KeePass</Generator><RecycleBinUUID>${BIN}</RecycleBinUUID>${meta}</Meta>
<Root><Group><UUID>RVwCVTDXD0UfxUA/rR6gSw==</UUID><Name>All</Name>${entries}
<Group><UUID>${BIN}</UUID><Name>Recycle Bin</Name>${bin}</Group></Group><DeletedObjects /></Root></KeePassFile>`;

test('entries come in with codes, history and times; those in the bin are named', async () => {
  const one = entry(
    '2023-01-02T03:04:05Z',
    string('Title', 'A &amp; B') +
      string('UserName', 'ann') +
      string('Password', 'pw &lt;1&gt;', ' ProtectInMemory="True"') +
      string('URL', 'https://a.example') +
      string('Notes', 'two\nlines') +
      string('PIN', '1234', ' ProtectInMemory="True"') +
      string('TimeOtp-Secret-Base32', 'JBSWY3DPEHPK3PXP', ' ProtectInMemory="True"') +
      `<History>${entry('2022-01-01T00:00:00Z', string('Password', 'old', ' ProtectInMemory="True"'))}</History>`,
  );
  const gone = entry('2023-01-02T03:04:05Z', string('Title', 'Gone') + string('Password', 'x'));
  const found = await read(file(one, gone));
  expect(found.source).toBe('KeePass');
  expect(found.entries).toMatchObject([
    {
      ...{ title: 'A & B', username: 'ann', password: 'pw <1>', urls: ['https://a.example'] },
      ...{ notes: 'two\nlines\nPIN: 1234', at: Date.UTC(2023, 0, 2, 3, 4, 5) },
      history: [{ password: 'old', until: Date.UTC(2023, 0, 2, 3, 4, 5) }],
    },
  ]);
  expect(found.entries[0]?.totp).toContain('JBSWY3DPEHPK3PXP');
  expect(found.unread.map(({ title, why }) => [title, why])).toEqual([['Gone', 'binned']]);
});

test.each([
  ['a password', 'p\tw', 'p\tw'],
  ['a CDATA section, also among others', 'a\tb<![CDATA[c\t<d>\te\t]]>f\t<![CDATA[]]>g', 'a\tb' + 'c\t<d>\te\tf\tg'],
  ['a password beside a comment that speaks of such a section', '<!-- <![CDATA[ -->p\tw', 'p\tw'],
])('tabs within %s are what they were', async (_where, written, password) => {
  const found = await read(
    file(entry('2023-01-02T03:04:05Z', string('Title', '<![CDATA[A]]>') + string('Password', written))),
  );
  expect(found.entries).toMatchObject([{ title: 'A', password }]);
});

test('damaged XML, and XML with a document type, is refused in words', async () => {
  const whole = file(entry('2023-01-02T03:04:05Z', string('Password', 'x')));
  await expect(read(whole.slice(0, 300))).rejects.toMatchObject({ code: 'import-failed' });
  const typed = whole.replace('<!-- by KeePass -->', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>');
  await expect(read(typed)).rejects.toMatchObject({ code: 'import-unknown' });
});

test('attachments are not unpacked', async () => {
  const packed = Buffer.from('not gzip').toString('base64');
  const binaries = `<Binaries><Binary ID="0" Compressed="True">${packed}</Binary></Binaries>`;
  const { entries } = await read(file(entry('2023-01-02T03:04:05Z', string('Password', 'x')), '', binaries));
  expect(entries).toHaveLength(1);
});
