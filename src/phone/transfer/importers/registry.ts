// The products whose exports are read. To add one: its reader beside this file, and its line here. What is a CSV file of other
// columns needs only a row in columns.ts.
import type { Read } from './entry.ts';

interface Importer {
  /** Names of the files in the product's ZIP archive that hold what is wanted. */
  inArchive?: RegExp;
  /** Each reader is loaded when it is asked: some bring a library along. */
  load(): Promise<Read>;
}

/** In the order in which they are asked. */
export const IMPORTERS: readonly Importer[] = [
  { inArchive: /(^|\/)export\.data$/, load: async () => (await import('./one-password.ts')).readOnePassword },
  { inArchive: /(^|\/)data\.(json|pgp)$/, load: async () => (await import('./proton-pass.ts')).readProtonPass },
  { load: async () => (await import('./bitwarden.ts')).readBitwarden },
  { load: async () => (await import('./codes.ts')).readTwoFas },
  { load: async () => (await import('./aegis.ts')).readAegis },
  { load: async () => (await import('./proton-authenticator.ts')).readProtonAuthenticator },
  { load: async () => (await import('./stratum.ts')).readStratum },
  { load: async () => (await import('./freeotp-plus.ts')).readFreeOtpPlus },
  { load: async () => (await import('./ente.ts')).readEnte },
  { load: async () => (await import('./andotp.ts')).readAndOtp },
  { load: async () => (await import('./codes.ts')).readAddresses },
  { load: async () => (await import('./enpass.ts')).readEnpass },
  { load: async () => (await import('./keeper.ts')).readKeeper },
  // Tables that mean more than their columns say, before the one for all others.
  { load: async () => (await import('./nordpass.ts')).readNordPass },
  { load: async () => (await import('./roboform.ts')).readRoboForm },
  { load: async () => (await import('./enpass.ts')).readEnpassCsv },
  { load: async () => (await import('./keeper.ts')).readKeeperCsv },
  // Dashlane's archive holds CSV files.
  { inArchive: /(^|\/)credentials\.csv$/, load: async () => (await import('./csv.ts')).readCsv },
  { load: async () => (await import('./kdbx.ts')).readKdbx },
  { load: async () => (await import('./keepass-xml.ts')).readKeePassXml },
];

/** What people are told, in this order. The page takes no more than this of the file. */
export const PRODUCTS = [
  ...['Chrome', 'Edge', 'Firefox', 'Safari', 'Bitwarden', '1Password', 'KeePass', 'LastPass', 'Dashlane'],
  ...[
    'Proton Pass',
    'Keeper',
    'RoboForm',
    'Enpass',
    'NordPass',
    '2FAS',
    'Aegis',
    'Ente Auth',
    'Proton Authenticator',
    'FreeOTP+',
    'andOTP',
    'Stratum',
  ],
];
