/** Finding, installing, building and loading libtensorflow, and saying what is wrong when that does not work. */
export { type DoctorReport, type DoctorRow, doctor } from './doctor.js';
export { homeDirectory } from './home.js';
export { type InstallOptions, install } from './install.js';
export {
  loadSegmentAddon,
  loadTfjsNode,
  type OperationAttribute,
  type TensorMetadata,
  type TfjsBackend,
  type TfjsBinding,
  type TfjsNode,
} from './load.js';
export { locate, type NativePaths } from './locate.js';
export type { InstallEvent, OnProgress, Part, Phase } from './progress.js';
export type { Program, ProgramSpec, SegmentAddon } from './segment-addon.js';
export { setOperationThreads } from './threads.js';
export type { Tried } from './tools.js';
export { nativeVersions } from './versions.js';
