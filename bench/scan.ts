// The camera's decoder on made pictures, kind by kind: the share that it reads, and milliseconds a picture; against the plain, unspoilt ones.
import { textIn } from '../src/phone/parts/decode.ts';
import { cameraPicture, KINDS } from '../tests/fakes/camera-pictures.ts';

type Note = (name: string, value: number, unit: string, aim?: string, baseline?: number) => void;

/** Pictures of each of the eleven kinds: 352 in all. */
const COUNT = 32;
const mean = (list: number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

/** Figures go to `note`; the baseline of each is that of the plain pictures. @throws Error when a picture is read as another text */
export function measureScan(note: Note): void {
  const taken = KINDS.map((kind) => {
    const took: number[] = [];
    let read = 0;
    for (let i = 0; i < COUNT; i++) {
      const picture = cameraPicture(kind, i, COUNT);
      const start = performance.now();
      const text = textIn(picture);
      took.push(performance.now() - start);
      if (text === picture.text) read++;
      else if (text) throw new Error(`${kind} ${i} was read as another text`);
    }
    return { kind, share: (100 * read) / COUNT, ms: mean(took) };
  });
  const [plain] = taken;
  for (const { kind, share, ms } of taken) {
    note(`scan, ${kind}: read`, share, '%', undefined, plain?.share);
    note(`scan, ${kind}: a picture`, ms, 'ms', undefined, plain?.ms);
  }
  note(`scan, all ${COUNT * KINDS.length}: read`, mean(taken.map(({ share }) => share)), '%', '≥ 86', plain?.share);
  note('scan, all: a picture', mean(taken.map(({ ms }) => ms)), 'ms', undefined, plain?.ms);
}
