// What a release has to be, and what is said of where it comes from.
import { expect, test } from 'vitest';

const { objection, provenance, unexplained } = (await import('../../scripts/release.mjs' as string)) as {
  objection(version: string, before: string, changelog: string, tags?: string[]): string | undefined;
  unexplained(report: string, explained: string): string[] | undefined;
  provenance(origin: object, files: Record<string, Uint8Array>): unknown;
};

const CHANGES = '# Changes\n\n## 0.2.0\n\n- More.\n\n## 0.1.1\n\n## 0.1.0\n\n- First.\n';

test.each([
  ['0.2.0', '0.1.9', undefined],
  ['0.1.1', '0.1.0', 'nothing under "## 0.1.1"'],
  ['0.3.0', '0.2.0', 'nothing under "## 0.3.0"'],
  // The first one, say; and once it has been released.
  ['0.2.0', '0.2.0', undefined],
  ['0.2.0', '0.2.0', 'there is the tag v0.2.0', ['v0.1.0', 'v0.2.0']],
  ['0.2.0', '0.1.0', 'there is the tag v0.2.0', ['v0.2.0']],
  ['0.2.00', '0.1.0', 'is no version'],
  ['0.65536.0', '0.1.0', 'is no version'],
  ['0.2.0', '1.0.0', 'does not come after'],
  ['0.2.0', '0.10.0', 'does not come after'],
  ['v0.2.0', '0.1.0', 'is no version'],
  ['0.2', '0.1.0', 'is no version'],
  ['', '0.1.0', 'is no version'],
] as [string, string, string | undefined, string[]?][])(
  'the release of %j after %s: %s',
  (version, before, says, tags) => {
    const why = objection(version, before, CHANGES, tags);
    if (says === undefined) expect(why).toBeUndefined();
    else expect(why).toContain(says);
  },
);

test('what npm audit finds stops a release unless it is explained, and so does a registry that does not answer', () => {
  const via = (id: string) => ({
    name: 'esbuild',
    title: 'answers anybody',
    url: `https://github.com/advisories/${id}`,
  });
  const report = JSON.stringify({
    vulnerabilities: {
      esbuild: { via: [via('GHSA-aaaa-1111-bbbb')] },
      vite: { via: ['esbuild', via('GHSA-cccc-2222-dddd')] },
    },
  });
  expect(unexplained(report, 'GHSA-aaaa-1111-bbbb: never started')).toEqual([
    'esbuild: answers anybody (https://github.com/advisories/GHSA-cccc-2222-dddd)',
  ]);
  expect(unexplained(report, 'GHSA-aaaa-1111-bbbb, GHSA-cccc-2222-dddd')).toEqual([]);
  expect(unexplained('{"vulnerabilities":{}}', '')).toEqual([]);
  expect(unexplained('{"message":"405 Method Not Allowed"}', '')).toBeUndefined();
});

test('the provenance names each file by its hash, the commit and the lock file, and who tested', () => {
  const said = provenance(
    { version: '0.2.0', commit: 'c0ffee', lock: 'lock', node: 'v24.0.0', tested: 'here' },
    { 'scankey-chrome-0.2.0.zip': new TextEncoder().encode('abc') },
  );
  expect(said).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      {
        name: 'scankey-chrome-0.2.0.zip',
        // FIPS 180-4, of "abc".
        digest: { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
      },
    ],
    predicate: {
      buildDefinition: {
        externalParameters: { version: '0.2.0' },
        internalParameters: { tested: 'here' },
        resolvedDependencies: [{ digest: { gitCommit: 'c0ffee' } }, { name: 'package-lock.json' }],
      },
    },
  });
});
