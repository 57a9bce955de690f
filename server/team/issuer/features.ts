// What the issuer can do beside codes and tokens, with the pages for it: signing out, sites' devices, taking tokens back.
import type { Configuration } from 'oidc-provider';
import { pagesFor } from '../../http/pages.ts';

type Features = NonNullable<Configuration['features']>;

const pagesOf = (ctx: { get(field: string): string }) => pagesFor(ctx.get('accept-language'));

const logout: Features['rpInitiatedLogout'] = {
  enabled: true,
  async logoutSource(ctx, form) {
    ctx.body = pagesOf(ctx).signOut(form);
  },
  async postLogoutSuccessSource(ctx) {
    ctx.body = pagesOf(ctx).signedOut();
  },
};

/** Characters of what a device calls itself. */
const SAYS_MAX = 120;

/** For clients that have only a keyboard or a terminal (RFC 8628). */
const deviceFlow: Features['deviceFlow'] = {
  enabled: true,
  deviceInfo: (ctx) => ({ says: ctx.get('user-agent').slice(0, SAYS_MAX) }),
  charset: 'base-20',
  mask: '****-****',
  async userCodeInputSource(ctx, form, _out, error) {
    if (error?.name === 'AbortedError') {
      ctx.body = pagesOf(ctx).deviceDeclined();
      return;
    }
    if (error) ctx.status = 400;
    ctx.body = pagesOf(ctx).deviceCode(form, error !== undefined);
  },
  async userCodeConfirmSource(ctx, form, client, device, userCode) {
    ctx.body = pagesOf(ctx).deviceConfirm(form, client.clientName ?? client.clientId, String(device.says), userCode);
  },
  async successSource(ctx) {
    ctx.body = pagesOf(ctx).deviceDone();
  },
};

export const FEATURES: Features = {
  devInteractions: { enabled: false },
  pushedAuthorizationRequests: { enabled: false },
  revocation: { enabled: true },
  backchannelLogout: { enabled: true },
  rpInitiatedLogout: logout,
  deviceFlow,
};
