import { colorsFor, objectiveAsJson, renderObjective, renderStudy, studyAsJson } from '../../report/index.js';
import { objectiveEntries, objectiveStudyStatus, StudyStore, studyStatus } from '../../store/index.js';
import { defineCommand } from '../command.js';
import { errors } from '../errors.js';
import { studiesFolder } from '../studies.js';
import { widthOf } from '../width.js';

export const show = defineCommand({
  words: ['show'],
  description: 'show a study: ranking, schedules, family tree',
  argument: { name: 'study', description: 'its name; it may be running' },
  options: ['dir', 'json'],
  async run({ argument, options: { dir, json } }, { stdout }) {
    const folder = studiesFolder(dir);
    const entries = StudyStore.read(folder, argument);
    if (entries.length === 0) throw errors.CLI_STUDY_EMPTY({ study: argument });
    const objective = objectiveEntries(entries);
    if (objective !== null) {
      const shown = { entries: objective, ...objectiveStudyStatus(folder, argument, objective) };
      const text = json
        ? JSON.stringify(objectiveAsJson(shown))
        : renderObjective(shown, widthOf(stdout), colorsFor(stdout));
      stdout.write(`${text}\n`);
      return 0;
    }
    const study = { entries, ...studyStatus(folder, argument, entries) };
    const text = json ? JSON.stringify(studyAsJson(study)) : renderStudy(study, widthOf(stdout), colorsFor(stdout));
    stdout.write(`${text}\n`);
    return 0;
  },
});
