// The one suite of HPKE that there is. Apart, because it is half of all that a phone's page has to load, and is wanted last.
import { KEM_MLKEM768_X25519 } from '@panva/hpke-noble';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 } from 'hpke';

export const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
