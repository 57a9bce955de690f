// The request as the computer words it: for which site, as whom, on which computer.
import type { IconNode } from 'lucide';
import { ChevronRight, Monitor, UserRound, Wifi, WifiOff } from 'lucide';
import type { ComponentChildren } from 'preact';
import type { Message } from '../../protocol/messages.ts';
import type { Shown } from '../../protocol/session/types.ts';
import { Notice } from '../../ui/components.tsx';
import { foreign } from '../../ui/foreign.ts';
import { Icon } from '../../ui/icon.tsx';
import { say } from '../parts/language.ts';
import { Monogram } from '../parts/monogram.tsx';
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

/** One fact of a request in a line of its own; one that can be chosen anew is a button that says so. */
export function Fact(props: { icon: IconNode; label: string; onChoose?: () => void; children: ComponentChildren }) {
  const line = (
    <>
      <Icon of={props.icon} />
      <span class="what">
        <span class="hint">{props.label}</span>
        <span class="value">{props.children}</span>
      </span>
    </>
  );
  if (!props.onChoose) return <li class="fact">{line}</li>;
  return (
    <li>
      <button type="button" class="fact" onClick={props.onChoose}>
        {line}
        <Icon of={ChevronRight} />
      </button>
    </li>
  );
}

export const accountIcon = UserRound;

/** That the computer is remembered, and as what. */
const Known = ({ name, request }: { name: string; request: Message<'request'> }) => (
  <span class="soft">
    {name === computerOf(request) ? say('remembered') : say('rememberedAs', { computer: foreign(name) })}
  </span>
);

/** As whom, on which computer and how near that is, as that computer says. @param children the line of the account */
export function Facts({ request, current, children }: Pick<Asked, 'current'> & RequestOf) {
  const { near, remembered } = current.session.evidence;
  return (
    <div>
      <ul class="list facts">
        {children}
        <Fact icon={Monitor} label={say('onComputer')}>
          {computerOf(request)}{' '}
          {remembered && current.computer && <Known name={current.computer.name} request={request} />}
        </Fact>
        <Fact icon={near ? Wifi : WifiOff} label={say('network')}>
          {near ? say('near') : <b class="warn">{say('far')}</b>}
        </Fact>
      </ul>
      <p class="hint">{say('saysComputer')}</p>
    </div>
  );
}
interface RequestOf {
  request: Message<'request'>;
  children?: ComponentChildren;
}

const HEADINGS = {
  password: 'signInTo',
  otp: 'signInTo',
  basic: 'signInTo',
  new: 'newFor',
  save: 'saveFor',
  identity: 'signInTo',
  // Which shows no card.
  'set-up': 'signInTo',
} as const;

/** Where, in large, with the letter of the site. */
export const Where = (props: { label: string; of: string; children: ComponentChildren }) => (
  <div class="where-line">
    <Monogram of={props.of} />
    <h1 class="where" tabIndex={-1}>
      <span class="label">{props.label}</span> {props.children}
    </h1>
  </div>
);

/** Where, as that computer says, and what is to be known of that before all else. */
export function RequestCard({ request, current }: Pick<Asked, 'current'> & RequestOf) {
  const { before, domain, port, insecure } = siteOf(request.topOrigin);
  return (
    <section class="pass">
      <Where label={say(HEADINGS[request.kind])} of={domain}>
        {insecure && 'http://'}
        {before}
        <b>
          {domain}
          {port}
        </b>
      </Where>
      {current.setBack && <Notice tone="bad">{say('setBack')}</Notice>}
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
    </section>
  );
}

/** What the page calls itself. */
export const PageTitle = ({ request: { title } }: RequestOf) =>
  title ? <p class="hint">{say('pageTitle', { title: foreign(title) })}</p> : null;
