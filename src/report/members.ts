/** Trials as rows of a table. */
import { parseSpace } from '../space/index.js';
import type { StudySettings } from '../study/index.js';
import { oneLine } from './format.js';
import type { Column } from './table.js';

/** Names of the hyperparameters that the study searches, without the fixed ones. */
export function searchedParameters({ space }: Pick<StudySettings, 'space'>): string[] {
  return parseSpace(space)
    .parameters.filter(({ kind }) => kind !== 'fixed')
    .map(({ name }) => name);
}

/** A column for each, the later ones to be left out sooner. */
export function parameterColumns(names: readonly string[], firstRank: number): Column[] {
  return names.map((name, index) => ({ title: oneLine(name), align: 'right', rank: firstRank + index }));
}
