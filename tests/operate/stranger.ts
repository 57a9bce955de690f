// A sign-in at https://id.example.org as a stranger's browser and phone have it, and the key by which phones know the companion; a line of
// JSON. Runs in a house of its own, once the companion is there.
import { setTimeout as sleep } from 'node:timers/promises';
import { tokenHash } from '../../src/protocol/mailbox.ts';
import { EXTENSION, newSid, newToken, PK } from '../companion/party.ts';
import { ORIGIN, partyAt } from './through.ts';

const companion = async () => (await fetch(`${ORIGIN}/v1/companion`)).json();
let info: { pushKey?: string } | undefined;
for (let tries = 0; tries < 200 && !info; tries++) info = await companion().catch(() => sleep(50));

const [sid, b, p] = [newSid(), newToken(), newToken()];
const browser = await partyAt('198.51.100.7', EXTENSION);
browser.say({ t: 'open', sid, pk: PK, tokenHash: await tokenHash(b) });
const opened = await browser.next();
const phone = await partyAt('203.0.113.9', ORIGIN);
phone.say({ t: 'join', sid, tokenHash: await tokenHash(p) });
const joined = await phone.next();
await browser.next();
phone.say({ t: 'send', n: 0, m: 'AAAA' });
const word = await browser.next();
process.stdout.write(
  `${JSON.stringify({ opened: opened.t, near: joined.near, word: word.m, pushKey: info?.pushKey })}\n`,
);
process.exit(0);
