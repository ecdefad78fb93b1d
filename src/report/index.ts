/** What a person or another tool sees of a study: at work, and afterwards. Fed records and events only. */
export { type Colors, colorsFor } from './colors.js';
export { formatBytes, formatNumber, oneLine } from './format.js';
export { importanceAsJson, renderImportance } from './importance.js';
export { type JsonOptions, JsonReporter } from './json.js';
export { renderListings } from './list.js';
export { LiveReporter, type Terminal } from './live.js';
export { objectiveAsJson, renderObjective } from './objective.js';
export { PlainReporter } from './plain.js';
export { QuietReporter } from './quiet.js';
export type { Output, Reporter } from './reporter.js';
export { renderStudy, type ShownStudy, studyAsJson } from './show.js';
export { type Column, renderTable } from './table.js';
