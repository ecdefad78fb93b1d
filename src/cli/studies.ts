import { resolve } from 'node:path';

/** The folder of studies. */
export function studiesFolder(dir: string | undefined): string {
  return resolve(dir ?? 'studies');
}
