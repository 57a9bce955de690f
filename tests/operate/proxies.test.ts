// Each configuration of deploy/ that Debian has the proxy of, with TLS before a companion; and what the doctor says of each mistake.
import { beforeAll, describe, expect, test } from 'vitest';
import { inHouse, isPossible } from './house.ts';
import { CONFIGURATIONS, MISTAKES } from './mistakes.ts';

interface Found {
  proxy: string;
  check?: string;
  mistake?: string;
  found: unknown;
}

/** The same for each. */
const EXPECTED = {
  'the phone page': 200,
  'HTTP/2': 200,
  'a sign-in in one house': true,
  'a sign-in from elsewhere': false,
  'a stranger who says that he is there': false,
  'the largest backup': 200,
  // Each who comes next has an answer of his own.
  'what two servers read in two ways': ['200 true'],
  'a companion that is started anew': [true, 200],
  'another name': false,
  'the id that a stranger gives his request': [expect.stringMatching(/^[\w-]{16}$/)],
};

describe.skipIf(!isPossible)('behind a proxy', () => {
  let all: Found[] = [];
  beforeAll(async () => {
    all = await inHouse<Found>(process.execPath, 'tests/operate/proxies.ts');
  });

  test.each(Object.keys(CONFIGURATIONS))(
    '%s hands on what a companion needs, and nothing that a stranger writes',
    (name) => {
      const checks = all.filter(({ proxy, check }) => proxy === name && check !== undefined && check !== 'doctor');
      expect(Object.fromEntries(checks.map(({ check, found }) => [check, found]))).toEqual(EXPECTED);
      const doctor = all.find(({ proxy, check }) => proxy === name && check === 'doctor')?.found;
      expect(doctor).toEqual(expect.arrayContaining(['ok    WebSockets come through', 'ok    backups come through']));
      expect(String(doctor)).not.toContain('WRONG');
    },
  );

  test.each(MISTAKES.map((one) => ({ ...one, title: `${one.proxy}: ${one.name}` })))(
    'the doctor names the line where, with $title',
    ({ name, proxy, says }) => {
      const found = all.find((one) => one.proxy === proxy && one.mistake === name)?.found as string[];
      expect(found.filter((line) => line.startsWith('WRONG'))).toEqual([expect.stringMatching(says)]);
    },
  );
});
