// What the library does not foresee, and would answer with a failure of its own: without our headers, and with a stack in the log.
import type Provider from 'oidc-provider';
import { pagesFor } from '../../http/pages.ts';

type Middleware = Parameters<Provider['use']>[0];

/** Every failure is a page of ours. Of what has failed the log gets the kind alone (mount.ts). */
export const ownFailures: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch {
    ctx.status = 500;
    ctx.type = 'html';
    ctx.body = pagesFor(ctx.get('accept-language')).error('server_error');
  }
};

/**
 * Whose browser has forgotten what it was given with a form, or never had it, begins anew with an empty one.
 * @param at where forms for devices' codes are, and all that lies below it
 */
export const formAnew =
  (provider: Provider, at: string): Middleware =>
  async (ctx, next) => {
    const isNext = ctx.path.startsWith(`${at}/`) || (ctx.path === at && ctx.method === 'POST');
    // The library writes the new form's secret to a session that is not there.
    if (!isNext || !('new' in (await provider.Session.get(ctx)))) return next();
    ctx.status = 303;
    ctx.redirect(at);
  };
