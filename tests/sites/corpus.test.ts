// Recognition over the open corpus of labelled pages, which lies beside the checkout and may be absent. Its figures and what is
// behind each miss stand in docs/fill-engine.md; none of them may get worse.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../e2e/companion.ts';

const CORPUS = join(ROOT, '../shared/corpora');

const CASES = join(ROOT, '../shared/cases/forms');

/** What `npm run forms` counts over a folder. */
function figuresOf(folder: string) {
  const printed = execFileSync(process.execPath, [join(ROOT, 'bench/forms.ts'), folder, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

test.skipIf(!existsSync(CASES))(
  'no page after a public report is missed, and nothing wrong is filled or pressed',
  () => {
    const { misses, falsePositives, pressedElsewhere } = figuresOf(CASES);
    expect({ misses, falsePositives, pressedElsewhere }).toEqual({
      misses: [],
      falsePositives: [],
      pressedElsewhere: [],
    });
  },
);

test.skipIf(!existsSync(CORPUS))('recognition is as good as the documents say', () => {
  const { loginPages, slots, submit, falsePositives, pressedElsewhere } = figuresOf(CORPUS);
  expect(loginPages.recognised).toBeGreaterThanOrEqual(124);
  expect(slots.username.right).toBeGreaterThanOrEqual(136);
  expect(slots.currentPassword.right).toBeGreaterThanOrEqual(130);
  expect(submit.right).toBe(submit.total);
  expect(slots.newPassword.right).toBeGreaterThanOrEqual(116);
  expect(falsePositives.length).toBeLessThanOrEqual(39);
  expect(pressedElsewhere.length).toBeLessThanOrEqual(15);
  // Nothing is ever put into a field for anything else than a name, a password or a code.
  const labels = falsePositives.map(({ label }: { label: string }) => label);
  expect(
    labels.filter((label: string) => /card|address|name$|birth|expiration/i.test(label) && !/username/.test(label)),
  ).toEqual([]);
});
