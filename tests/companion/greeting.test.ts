// What the companion says once it runs leads nobody to where he cannot go.
import { expect, test } from 'vitest';
import { greeting } from '../../server/greeting.ts';

const said = (phoneOrigin: string, trial: boolean) =>
  greeting({ phoneOrigin, trial, port: 8787, isTerminal: false, isQuiet: true });
const CODE = /[█▀▄]/;

test('on this computer alone it asks nobody to scan what a phone cannot reach', async () => {
  const alone = await said('http://localhost:8787', false);
  expect(alone).not.toMatch(CODE);
  expect(alone).not.toMatch(/Your phone|Scan the code/);
  expect(alone).toContain('Open http://localhost:8787 in a window on this computer');
  expect(alone).toContain('Try it on this computer: http://localhost:8787/practice');
});

test.each([
  ['https://192.168.1.5:8788', true, 'http://localhost:8787'],
  ['https://id.example.org', false, 'https://id.example.org'],
])('at %s it shows the code for the phone', async (origin, trial, here) => {
  const shown = await said(origin, trial);
  expect(shown).toMatch(CODE);
  expect(shown).toContain(`Your phone        ${origin}`);
  expect(shown).toContain(`Try it on this computer: ${here}/practice`);
  expect(shown.includes('for a trial only')).toBe(trial);
  expect(shown.includes('This computer     http')).toBe(trial);
});
