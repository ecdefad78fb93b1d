import { colorsFor, importanceAsJson, renderImportance } from '../../report/index.js';
import { objectiveEntries, StudyStore } from '../../store/index.js';
import { foldObjective, foldRecords, objectiveImportance, studyImportance } from '../../study/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { studiesFolder } from '../studies.js';
import { widthOf } from '../width.js';

export const importance = defineCommand({
  words: ['importance'],
  description: 'how much each parameter mattered in a study',
  argument: { name: 'study', description: 'its name; it may be running' },
  options: ['method', 'dir', 'json'],
  async run({ argument, options: { method = 'ped-anova', dir, json } }, { stdout }) {
    const entries = StudyStore.read(studiesFolder(dir), argument);
    if (entries.length === 0) throw errors.CLI_STUDY_EMPTY({ study: argument });
    const objective = objectiveEntries(entries);
    const found =
      objective === null
        ? studyImportance(foldRecords(entries.map(({ record }) => record)), { method })
        : objectiveImportance(foldObjective(objective.map(({ record }) => record)), { method });
    const shown = { study: argument, method, ...found };
    const lines = json
      ? importanceAsJson(shown).map((line) => JSON.stringify(line))
      : [renderImportance(shown, widthOf(stdout), colorsFor(stdout))];
    for (const line of lines) stdout.write(`${line}\n`);
    return 0;
  },
});
