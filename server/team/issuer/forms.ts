// Forms that the library would have a script in its page send: our policy knows no such script, so they go into a page of ours.
import type Provider from 'oidc-provider';
import { pagesFor } from '../../http/pages.ts';

/** What the issuer's pages may do. Its forms lead back here and, by redirects, to the sites. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** For complete links of devices, `form_post`, and signing out before somebody else signs in. */
export const scriptless: Parameters<Provider['use']>[0] = async (ctx, next) => {
  await next();
  if (typeof ctx.body !== 'string' || !ctx.body.includes('document.forms[0].submit()')) return;
  const [, attributes = '', inside = ''] = /<form\b([^>]*)>([\s\S]*?)<(?:noscript|\/form)>/.exec(ctx.body) ?? [];
  // The library has let its script into the policy.
  ctx.set('content-security-policy', POLICY);
  ctx.body = pagesFor(ctx.get('accept-language')).goOn(`<form id="op.goOn"${attributes}>${inside}</form>`);
};
