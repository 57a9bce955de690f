// A YAML file read by a schema: whatever is wrong with it is named with its line.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A file that cannot be used; the message names file, line and reason, one line for each. */
export class FileError extends Error {}

/** Something wrong: where in the document, and what follows the name of it in a sentence. */
export interface Fault {
  at: readonly PropertyKey[];
  message: string;
}

/** @param faults what no single value shows @throws FileError */
export function readYaml<Schema extends v.GenericSchema>(
  path: string,
  schema: Schema,
  faults: (value: v.InferOutput<Schema>) => readonly Fault[],
): v.InferOutput<Schema> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new FileError(`${path}: cannot be read.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    throw new FileError(`${path}, line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`);
  const parsed = v.safeParse(schema, document.toJS() ?? {});
  const found = [...(parsed.issues ?? []).map(faultOf), ...(parsed.typed ? faults(parsed.output) : [])];
  if (parsed.success && found.length === 0) return parsed.output;
  const lineOf = (at: readonly PropertyKey[]) => lines.linePos(offsetOf(document.contents, at)).line;
  throw new FileError(
    found.map(({ at, message }) => `${path}, line ${lineOf(at)}: ${at.map(String).join('.')} ${message}.`).join('\n'),
  );
}

const faultOf = (issue: v.BaseIssue<unknown>): Fault => ({
  at: (issue.path ?? []).map(({ key }) => key as PropertyKey),
  message: sentenceOf(issue),
});

const sentenceOf = (issue: v.BaseIssue<unknown>): string => {
  if (issue.expected === 'never') return 'is not known here';
  if (issue.type === 'strict_object')
    return issue.received === 'undefined' ? 'is missing' : 'must be a group of settings';
  return issue.message;
};

/** Where in the file a value stands, or what it should stand in. */
function offsetOf(contents: Node | null, at: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of at) {
    if (isMap(node)) {
      const pair = node.items.find((one) => (one.key as { value?: unknown })?.value === key);
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = (node as Node)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
