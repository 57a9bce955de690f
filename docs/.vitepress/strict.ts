// What VitePress writes into its pages, and the companion's policy does not let run, becomes files of their own: scripts, styles, and the
// icons in its style sheet.
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param folder of the built site; its pages are written anew */
export function obeyPolicy(folder: string): void {
  /** @returns where that lies in the site */
  const file = (content: string, ending: string): string => {
    const name = `assets/${createHash('sha256').update(content).digest('hex').slice(0, 8)}.${ending}`;
    writeFileSync(join(folder, name), content);
    return `/docs/${name}`;
  };
  const change = (pattern: string, by: (text: string) => string) => {
    for (const path of globSync(pattern, { cwd: folder })) {
      const whole = join(folder, path);
      writeFileSync(whole, by(readFileSync(whole, 'utf8')));
    }
  };
  change('**/*.html', (page) =>
    page
      .replace(/<script id="[\w-]+">(.+?)<\/script>/gs, (_, script) => `<script src="${file(script, 'js')}"></script>`)
      // The theme sets these again once it runs, as a script may.
      .replace(/(<[a-z][^<>]*?) style="[^"]*"/g, '$1'),
  );
  change('assets/*.css', (style) =>
    style.replace(
      /url\("data:image\/svg\+xml,([^"]+)"\)/g,
      (_, picture) => `url(${file(decodeURIComponent(picture.trim()), 'svg')})`,
    ),
  );
}
