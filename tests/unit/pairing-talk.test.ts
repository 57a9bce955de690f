// Two persons' words on remembering each other, in any order, and what this phone keeps of it.
import { expect, test } from 'vitest';
import { PairingTalk } from '../../src/phone/sign-in/pairing-talk.ts';

type Word = 'I yes' | 'I no' | 'it yes' | 'it no' | 'gone';

async function talk(words: readonly Word[]) {
  const told: string[] = [];
  let progress = '';
  const one = new PairingTalk(new Uint8Array(32), {
    pairings: {
      async add(_first, name, confirmed) {
        told.push(`add ${name}${confirmed ? ', confirmed' : ''}`);
        return 'id';
      },
      confirm: async (id) => void told.push(`confirm ${id}`),
      remove: async (id) => void told.push(`remove ${id}`),
    },
    readInstallation: async () => 'installation',
    say: async ({ yes, phone }) => void told.push(`say ${yes ? `yes, ${phone}` : 'no'}`),
    show: (now) => {
      progress = now;
    },
    close: () => void told.push('close'),
  });
  for (const word of words) {
    if (word === 'gone') one.end();
    else if (word.startsWith('I')) await one.answer(word === 'I yes', 'Library');
    else await one.hear(word === 'it yes');
  }
  return { told, progress };
}

const SAYS = 'say yes, installation';
test.each<[readonly Word[], string, readonly string[]]>([
  [[], 'offered', []],
  [['I yes'], 'said', ['add Library', SAYS]],
  [['I yes', 'it yes'], 'kept', ['add Library', SAYS, 'confirm id']],
  [['I yes', 'it yes', 'it yes'], 'kept', ['add Library', SAYS, 'confirm id']],
  [['it yes'], 'asked', []],
  [['it yes', 'it yes'], 'asked', []],
  [['it yes', 'I yes'], 'kept', ['add Library, confirmed', SAYS]],
  [['I no'], 'declined', ['say no', 'close']],
  [['it yes', 'I no'], 'declined', ['say no', 'close']],
  [['I yes', 'it no'], 'declined', ['add Library', SAYS, 'remove id']],
  [['it no'], 'declined', []],
  [['it no', 'I yes'], 'declined', []],
  [['I no', 'it yes'], 'declined', ['say no', 'close']],
  [['I no', 'it yes', 'I yes'], 'declined', ['say no', 'close']],
  [['I yes', 'I yes'], 'said', ['add Library', SAYS]],
  [['I yes', 'gone'], 'declined', ['add Library', SAYS]],
  [['I yes', 'it yes', 'gone'], 'kept', ['add Library', SAYS, 'confirm id']],
  [['it yes', 'gone', 'I yes'], 'declined', []],
])('after %o it is %s', async (words, progress, told) => {
  expect(await talk(words)).toEqual({ told, progress });
});
