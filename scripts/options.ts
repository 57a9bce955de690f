// The command lines of the scripts: what was said, or in a sentence what is wrong with it.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isSecure } from '../src/protocol/qr-link.ts';

/**
 * What was said to the script. Ends it where help is asked for (code 0), and where that cannot be followed (code 2).
 * @param usage how it is called, as `npm run package [-- --companion URL]`
 * @param config as of `parseArgs`
 */
export function optionsOf<Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  const words = config.args ?? process.argv.slice(2);
  if (words.some((word) => word === '--help' || word === '-h')) {
    process.stdout.write(`usage: ${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    // What comes after the first sentence is about what nobody meant.
    const [why = ''] = error instanceof Error ? error.message.split(/\.(?:\s|$)|\n/) : [];
    process.stderr.write(`${why}.\nusage: ${usage}\n`);
    process.exit(2);
  }
}

/** @returns why no extension can speak to a companion at this address, in words for whoever builds it; undefined where it can */
export function objectionToCompanion(companion: string | undefined): string | undefined {
  if (companion === undefined) return undefined;
  const url = URL.canParse(companion) ? new URL(companion) : undefined;
  if (url && isSecure(url) && url.origin === companion) return undefined;
  return `--companion has to be an https address without a path and a slash at its end, as https://id.example.org: ${companion} is none.`;
}
