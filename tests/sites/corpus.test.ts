// Recognition over the open corpus of labelled pages, which lies beside the checkout and may be absent. Its figures and what is
// behind each miss stand in docs/fill-engine.md; none of them may get worse.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../e2e/companion.ts';

const CORPUS = join(ROOT, '../shared/corpora');

test.skipIf(!existsSync(CORPUS))('recognition is as good as the documents say', () => {
  const printed = execFileSync(process.execPath, [join(ROOT, 'bench/forms.ts'), CORPUS, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { loginPages, slots, submit, falsePositives } = JSON.parse(printed.trim().split('\n').at(-1) ?? '');
  expect(loginPages.recognised).toBeGreaterThanOrEqual(124);
  expect(slots.username.right).toBeGreaterThanOrEqual(136);
  expect(slots.currentPassword.right).toBeGreaterThanOrEqual(130);
  expect(submit.right).toBe(submit.total);
  expect(falsePositives.length).toBeLessThanOrEqual(42);
  // Nothing is ever put into a field for anything else than a name, a password or a code.
  const labels = falsePositives.map(({ label }: { label: string }) => label);
  expect(
    labels.filter((label: string) => /card|address|name$|birth|expiration/i.test(label) && !/username/.test(label)),
  ).toEqual([]);
});
