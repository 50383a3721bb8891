import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
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
    try {
      await mkdir(path);
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code !== 'ENOENT' || dirname(path) === path) throw error;
    }
    // Not mkdir’s own `recursive`: that never ends under /proc, where making a folder says ENOENT for ever.
    await machineFiles.makeFolder(dirname(path));
    await mkdir(path);
    return true;
  },
  async replace(path, text) {
    const beside = `${path}.new`;
    try {
      await writeFile(beside, text);
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true }).catch(() => {});
      throw error;
    }
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
