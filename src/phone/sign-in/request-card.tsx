// The request as the computer words it: for which site, on which computer.
import type { Message } from '../../protocol/messages.ts';
import type { Shown } from '../../protocol/session/types.ts';
import { Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { say } from '../parts/language.ts';
import { SiteName } from '../parts/site-name.tsx';
import { siteOf } from '../vault/sites.ts';
import type { Approval } from './approval.ts';
import type { PhoneSignIn } from './phone-sign-in.ts';

/** What every screen of a request is given: the request, and the sign-in that it belongs to. */
export interface Asked {
  signIn: PhoneSignIn;
  current: Approval;
  shown: Shown;
}

export const computerOf = ({ browser, os }: Message<'request'>): string =>
  say('computer', { browser: foreign(browser), os: foreign(os) });

/** That the computer is remembered, and as what. */
const Known = ({ name, request }: { name: string; request: Message<'request'> }) => (
  <p>{name === computerOf(request) ? say('remembered') : say('rememberedAs', { computer: foreign(name) })}</p>
);

/** On which computer, as that computer says. */
export function Computer({ request, current }: { request: Message<'request'>; current: Approval }) {
  const { near, remembered } = current.session.evidence;
  return (
    <>
      <hr />
      <h2>{say('onComputer')}</h2>
      <p>{computerOf(request)}</p>
      {remembered && current.computer && <Known name={current.computer.name} request={request} />}
      <p class={near ? 'soft' : ''}>{near ? say('near') : <b>{say('far')}</b>}</p>
    </>
  );
}

const HEADINGS = {
  password: 'signInTo',
  otp: 'signInTo',
  basic: 'signInTo',
  new: 'newFor',
  save: 'saveFor',
  identity: 'signInTo',
} as const;

/** Where and on which computer, as that computer says. */
export function RequestCard({ request, current }: { request: Message<'request'>; current: Approval }) {
  const { before, domain, port, insecure } = siteOf(request.topOrigin);
  return (
    <section class="pass">
      <h1 class="where">
        <span class="label">{say(HEADINGS[request.kind])}</span>
        {insecure && 'http://'}
        {before}
        <b>
          {domain}
          {port}
        </b>
      </h1>
      {request.frameOrigin !== request.topOrigin && (
        <Notice tone="warn">
          {say('inFrame')} <SiteName site={siteOf(request.frameOrigin)} />
        </Notice>
      )}
      {request.sendsTo !== undefined && (
        <Notice tone="warn">
          {say('sendsTo')} <SiteName site={siteOf(request.sendsTo)} />
        </Notice>
      )}
      {(request.kind === 'otp' || request.kind === 'basic') && (
        <p>{say(request.kind === 'otp' ? 'asksCode' : 'asksBasic')}</p>
      )}
      {request.title && <p class="soft">{say('pageTitle', { title: foreign(request.title) })}</p>}
      <Computer request={request} current={current} />
      <p class="hint">{say('saysComputer')}</p>
      {current.setBack && <Notice tone="bad">{say('setBack')}</Notice>}
    </section>
  );
}
