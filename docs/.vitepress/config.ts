// The documentation as a site: `npm run docs` builds it into dist/docs, and a companion serves it under /docs.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type DefaultTheme, defineConfig } from 'vitepress';
import { obeyPolicy } from './strict.ts';
import { wordsOf } from './words.ts';

const docs = join(import.meta.dirname, '..');

const groups = (
  words: Record<'start' | 'run' | 'inside', string>,
  folder: string,
  pages: readonly [keyof typeof words, string, string][],
): DefaultTheme.SidebarItem[] =>
  (['start', 'run', 'inside'] as const).map((group) => ({
    text: words[group],
    items: pages.filter(([one]) => one === group).map(([, page, text]) => ({ text, link: `${folder}/${page}` })),
  }));

const ENGLISH = groups({ start: 'Use it', run: 'Run it', inside: 'Look inside' }, '', [
  ['start', 'quick-start', 'Quick start'],
  ['start', 'how-it-works', 'How it works'],
  ['start', 'faq', 'Questions and limits'],
  ['start', 'privacy', 'Privacy'],
  ['start', 'support', 'Support'],
  ['run', 'operating', 'For operators'],
  ['run', 'sites', 'For sites: OpenID Connect'],
  ['run', 'workstations', 'For workstations'],
  ['run', 'performance', 'Performance'],
  ['inside', 'threat-model', 'Threat model'],
  ['inside', 'risk-assessment', 'Risk assessment'],
  ['inside', 'protocol', 'Protocol'],
  ['inside', 'vault', 'The vault'],
  ['inside', 'pairing', 'Remembered browsers'],
  ['inside', 'fill-engine', 'Fill engine'],
  ['inside', 'dependencies', 'Dependencies'],
]);
const CHINESE = [
  ...groups({ start: '使用', run: '部署', inside: '原理（英文）' }, '/zh-CN', [
    ['start', 'quick-start', '快速开始'],
    ['start', 'how-it-works', '工作原理'],
    ['start', 'faq', '常见问题与局限'],
    ['start', 'privacy', '隐私'],
    ['start', 'support', '支持'],
    ['run', 'operating', '服务器管理员'],
    ['run', 'sites', '网站接入：OpenID Connect'],
    ['run', 'workstations', '办公电脑统一管理'],
  ]).slice(0, 2),
  ...groups({ start: '', run: '', inside: '深入了解（英文）' }, '', [
    ['inside', 'threat-model', '威胁模型'],
    ['inside', 'protocol', '协议'],
    ['inside', 'performance', '性能'],
  ]).slice(2),
];

export default defineConfig({
  title: 'Scankey',
  description: 'Sign in on any computer by scanning a QR code with your phone.',
  base: '/docs/',
  outDir: '../dist/docs',
  cacheDir: '../.cache/docs',
  head: [['link', { rel: 'icon', href: '/icons/32.png' }]],
  // What pages share is a file of its own: no page has a script in it.
  metaChunk: true,
  // Else a style is written into the page while the scheme changes.
  appearance: { disableTransition: false },
  markdown: {
    config: (md) => {
      // A corner of a table that says nothing heads nothing.
      md.core.ruler.push('empty-corner', ({ tokens }) => {
        for (const [at, one] of tokens.entries())
          if (one.type === 'th_open' && tokens[at + 1]?.content === '') {
            one.tag = 'td';
            const end = tokens[at + 2];
            if (end) end.tag = 'td';
          }
      });
    },
    // Colours would be attributes that the policy does not let through.
    highlight: (code) =>
      `<pre v-pre tabindex="0"><code>${code.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)}</code></pre>`,
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: ENGLISH } },
    'zh-CN': {
      label: '简体中文',
      lang: 'zh-CN',
      description: '用手机扫码，在任何电脑上登录。',
      themeConfig: {
        sidebar: CHINESE,
        outline: { label: '本页内容' },
        docFooter: { prev: '上一页', next: '下一页' },
        sidebarMenuLabel: '目录',
        returnToTopLabel: '回到顶部',
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        langMenuLabel: '选择语言',
        skipToContentLabel: '跳到正文',
        notFound: {
          title: '页面不存在',
          quote: '请检查网址，或从目录中选择。',
          linkText: '回到首页',
          linkLabel: '回到首页',
        },
      },
    },
  },
  themeConfig: {
    // Not every page is there in every language.
    i18nRouting: false,
    outline: { level: [2, 3] },
    notFound: { quote: 'Look at the address, or choose from the contents.' },
    search: {
      provider: 'local',
      options: {
        _render: (source, env, md) => {
          const html = md.render(source, env);
          return env.relativePath.startsWith('zh-CN/')
            ? html.replace(/>[^<]+/g, (text) => wordsOf(text).join('\u200a'))
            : html;
        },
        locales: {
          'zh-CN': {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                displayDetails: '显示详细内容',
                resetButtonTitle: '清除',
                backButtonTitle: '关闭',
                noResultsText: '没有找到：',
                footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
  buildEnd({ outDir }) {
    for (const name of ['openapi.yaml', 'vectors.json']) cpSync(join(docs, name), join(outDir, name));
    obeyPolicy(outDir);
  },
});
