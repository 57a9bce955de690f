// VitePress's own theme without its fonts, in Scankey's colours; a search asks for words as the index has them.
import type { Theme } from 'vitepress';
import plain from 'vitepress/theme-without-fonts';
import { tokensOf } from '../words.ts';
import './scankey.css';

export default {
  extends: plain,
  enhanceApp({ siteData }) {
    const { search } = siteData.value.themeConfig;
    // Given here, and not in the settings: those come to the page as text, which the policy lets nobody run.
    if (search?.options) search.options.miniSearch = { options: { tokenize: tokensOf } };
  },
} satisfies Theme;
