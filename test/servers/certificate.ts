import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  /** Path of a PEM file, as that of its key. */
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate that vouches for itself, in a folder, for names such as `DNS:localhost` and `IP:127.0.0.1`. */
export async function makeCertificate(folder: string, names: readonly string[]): Promise<Certificate> {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  const kind = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${names.join()}`];
  await promisify(execFile)('openssl', ['req', ...kind, '-keyout', key, '-out', certificate, ...subject]);
  return { certificate, key };
}
