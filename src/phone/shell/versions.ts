// Which version of the page waits for the one that is at work.

/**
 * Tells of a version that waits while an older one is at work, and of its waiting no more. The first version of all passes through
 * waiting, too, with nothing before it.
 */
export function followVersions(
  registration: Pick<ServiceWorkerRegistration, 'active' | 'installing' | 'waiting' | 'addEventListener'>,
  tell: (waiting: ServiceWorker | undefined) => void,
): void {
  const look = () => {
    const { active, waiting } = registration;
    tell(active && waiting?.state === 'installed' ? waiting : undefined);
  };
  const follow = (version: ServiceWorker | null) => version?.addEventListener('statechange', look);
  follow(registration.waiting);
  follow(registration.installing);
  registration.addEventListener('updatefound', () => follow(registration.installing));
  look();
}
