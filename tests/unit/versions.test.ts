// "A new version is ready" is said while one waits behind an older one, and at no other time.
import { expect, test } from 'vitest';
import { followVersions } from '../../src/phone/shell/versions.ts';

/** A version of the page, as its service worker. */
class Version extends EventTarget {
  state = 'installing';
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

function page(active: Version | null) {
  const registration = Object.assign(new EventTarget(), {
    active,
    installing: null as Version | null,
    waiting: null as Version | null,
  });
  let offered: unknown;
  const follow = () =>
    followVersions(registration as unknown as ServiceWorkerRegistration, (waiting) => {
      offered = waiting;
    });
  return {
    registration,
    follow,
    offered: () => offered,
    /** A version is found and installed; it waits. */
    install(): Version {
      const version = new Version();
      registration.installing = version;
      registration.dispatchEvent(new Event('updatefound'));
      Object.assign(registration, { installing: null, waiting: version });
      version.become('installed');
      return version;
    },
    /** It takes over. */
    activate(version: Version): void {
      Object.assign(registration, { waiting: null, active: version });
      version.become('activating');
      version.become('activated');
    },
  };
}

test('the first version of all is never offered, though it waits for a moment', () => {
  const { follow, install, activate, offered } = page(null);
  follow();
  const first = install();
  expect(offered()).toBeUndefined();
  activate(first);
  expect(offered()).toBeUndefined();
});

test('a version that follows is offered until it has taken over, or was given up', () => {
  const { follow, install, activate, offered } = page(new Version());
  follow();
  const next = install();
  expect(offered()).toBe(next);
  activate(next);
  expect(offered()).toBeUndefined();
  const another = install();
  expect(offered()).toBe(another);
  another.become('redundant');
  expect(offered()).toBeUndefined();
});

test('one that waited before the page was opened is offered at once', () => {
  const { registration, follow, offered } = page(new Version());
  const waiting = new Version();
  waiting.state = 'installed';
  registration.waiting = waiting;
  follow();
  expect(offered()).toBe(waiting);
});
