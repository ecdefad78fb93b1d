import { readdirSync } from 'node:fs';
import { fileError, systemCode } from '../files/index.js';
import { isStudyName } from './layout.js';

/** Names of the folders in `root` that may be studies, sorted; none where there is no `root`. @throws FILES_… */
export function studyNames(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    // a link to a study elsewhere is a study
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    return folders
      .map(({ name }) => name)
      .filter(isStudyName)
      .sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw fileError('read the folder', root, error);
  }
}
