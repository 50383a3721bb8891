import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where results are written: the one place that touches a disk, so that full and vanished disks can be tried. */
export interface FileStore {
  /** Makes a folder and those above it. False where it is there already. */
  makeFolder(path: string): Promise<boolean>;
  /** Writes a whole file, or leaves it as it was: a reader never sees half of it. */
  replace(path: string, text: string): Promise<void>;
  /** Writes bytes at an offset. Only offset 0 makes the file, so that a deleted folder is noticed. */
  writeAt(path: string, offset: number, bytes: Uint8Array): Promise<void>;
}

export const machineFiles: FileStore = {
  async makeFolder(path) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await mkdir(path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  },
  async replace(path, text) {
    const beside = `${path}.new`;
    await writeFile(beside, text);
    await rename(beside, path);
  },
  async writeAt(path, offset, bytes) {
    const file = await open(path, offset === 0 ? 'w' : 'r+');
    try {
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    } finally {
      await file.close();
    }
  },
};
