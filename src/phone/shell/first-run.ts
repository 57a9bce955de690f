// What the first run is given, and what is left to do of it.
import { signal } from '@preact/signals';

/**
 * The offers that follow a new vault. The passphrase is kept for them, and forgotten with them; empty where the offer is made again, which
 * then asks for it.
 */
export const setup = signal<{ step: 'passkey' | 'backup' | 'sheet'; passphrase: string } | undefined>(undefined);

/** A recovery key that a camera or a link brought, base64url; empty while there is none. */
export const sheetKey = signal('');
