import { readFileSync } from 'node:fs';
import type { Settings } from '../settings.ts';
import type { TargetError } from './target.ts';

/** How the target's certificate is verified, and our own, as Node's TLS takes them. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity?: () => undefined;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Reads CaFile, CertFile and KeyFile. */
export function readTls(settings: Settings): TlsOptions | TargetError {
  try {
    return {
      rejectUnauthorized: !settings.Insecure,
      ...(settings.VerifyHost ? {} : { checkServerIdentity: () => undefined }),
      ...(settings.CaFile === '' ? {} : { ca: readFileSync(settings.CaFile) }),
      ...(settings.CertFile === '' ? {} : { cert: readFileSync(settings.CertFile) }),
      ...(settings.KeyFile === '' ? {} : { key: readFileSync(settings.KeyFile) }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { errorClass: 'client', message, status: 0, hint: 'check CaFile, CertFile and KeyFile' };
  }
}
