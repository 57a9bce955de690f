// Whether the page that leads through the first minute opens.
import { expect, test } from 'vitest';
import { welcome } from '../../src/background/welcome.ts';
import { WELCOME } from '../../src/extension/messages.ts';
import browser from '../fakes/browser.ts';

test.each([
  ['of a store', 'normal', true],
  ['of a company’s policy', 'admin', true],
  ['loaded from a folder, again and again', 'development', false],
])('an installation %s', async (_what, installType, opens) => {
  const opened: string[] = [];
  const { management, tabs, runtime } = browser as Record<string, unknown>;
  Object.assign(browser, {
    management: { getSelf: async () => ({ installType }) },
    tabs: { create: async ({ url }: { url: string }) => opened.push(url) },
    runtime: { getURL: (path: string) => `extension://own/${path}` },
  });
  await welcome();
  Object.assign(browser, { management, tabs, runtime });
  expect(opened).toEqual(opens ? [`extension://own/${WELCOME}`] : []);
});
