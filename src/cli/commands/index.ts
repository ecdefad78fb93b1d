import type { Command } from '../command.js';
import { change } from './change.js';
import { dataInfo, dataList } from './data.js';
import { dataEncode } from './data-encode.js';
import { dataImport, dataVerify } from './data-import.js';
import { exportCommand } from './export.js';
import { importance } from './importance.js';
import { list } from './list.js';
import { modelsList } from './models.js';
import { nativeDoctor, nativeInstall, nativePath } from './native.js';
import { newModel, newObjective, newSweep } from './new.js';
import { predictCommand } from './predict.js';
import { resume } from './resume.js';
import { run } from './run.js';
import { show } from './show.js';

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [
  run,
  resume,
  change,
  list,
  show,
  importance,
  exportCommand,
  predictCommand,
  newModel,
  newObjective,
  newSweep,
  dataList,
  dataInfo,
  dataEncode,
  dataImport,
  dataVerify,
  modelsList,
  nativeInstall,
  nativeDoctor,
  nativePath,
];

/** What words that only lead to commands are about. */
export const groups: Readonly<Record<string, string>> = {
  new: 'starting points of your own: a model, an objective function, a sweep',
  data: 'data sets: those that ship, and your own',
  models: 'models that ship',
  native: 'the native library: install, check, find',
};
