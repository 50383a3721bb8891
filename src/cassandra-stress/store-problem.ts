import type { ReadFile } from './read-settings.ts';
import type { TransportSettings } from './settings.ts';

/**
 * Why the stores of `-transport` can't be used, with the commands that mend it; undefined where they can: they are
 * files of PEM, since nothing here reads Java's.
 */
export function storeProblem(
  { truststore, keystore }: TransportSettings,
  readFile: ReadFile,
): string | undefined {
  if (truststore !== undefined && !isPem(truststore, readFile)) {
    return (
      `${truststore} is no file of PEM: keytool -list -rfc -keystore ${truststore} > truststore.pem makes one, ` +
      'then truststore=truststore.pem'
    );
  }
  if (keystore !== undefined && !isPem(keystore, readFile)) {
    return (
      `${keystore} is no file of PEM: keytool -importkeystore -srckeystore ${keystore} -destkeystore keystore.p12 ` +
      '-deststoretype PKCS12 && openssl pkcs12 -in keystore.p12 -nodes -out keystore.pem makes one, then ' +
      'keystore=keystore.pem'
    );
  }
  return undefined;
}

/** A file that can't be read is told of where it is used. */
function isPem(path: string, readFile: ReadFile): boolean {
  try {
    return readFile(path).includes('-----BEGIN ');
  } catch {
    return true;
  }
}
