// Browsers inside other apps, whose makers can read what is typed into them: the vault does not open there (R53).
import { providerOfApp } from '../../protocol/providers.ts';

/** What apps write into the name of the browser that they show pages in, as it was seen there. */
const APPS =
  /AliApp|\bQQ\/|Weibo|FBA[NV]|Instagram|Barcelona|\bLine\/|BytedanceWebview|Twitter|LinkedInApp|Snapchat|\bGSA\/|KAKAOTALK|NAVER\(|xhs|xiaohongshu|baiduboxapp|\[Pinterest|\bjd(lt)?app\b|\bZalo\b|; wv\)/i;

/**
 * @param userAgent what the browser calls itself
 * @param standalone the page was opened from the home screen: such a page of Apple's has no Safari in its name, either
 */
export function isInsideApp(userAgent: string, standalone: boolean): boolean {
  if (providerOfApp(userAgent) !== undefined || APPS.test(userAgent)) return true;
  // Every browser of Apple's systems says Safari; what any app can put up by itself (WKWebView) does not.
  return /\((iPhone|iPad|iPod|Macintosh)\b.*AppleWebKit/.test(userAgent) && !/Safari\//.test(userAgent) && !standalone;
}
