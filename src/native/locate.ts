import { join } from 'node:path';
import { type AddonSource, addonSource } from './addon-source.js';
import { compileFlags } from './compile.js';
import { homeDirectory, homeLayout } from './home.js';
import { chosenLibtensorflow, contentKey, type Libtensorflow } from './libtensorflow.js';
import { openQuietlySource } from './open-quietly.js';
import { isWhole } from './parts.js';
import { sourcePatches } from './tfjs-node-patches.js';
import { tfjsStandIn } from './tfjs-stand-in.js';
import { nativeVersions, packages } from './versions.js';

/** Absolute paths of what is installed. */
export interface NativePaths {
  /** Folder of libtensorflow. */
  libtensorflow: string;
  /** Its shared libraries, in the order in which they are opened. */
  libraries: readonly string[];
  /** Folder of tfjs-node's package. */
  tfjsNode: string;
  /** tfjs-node's addon. */
  tfjsBinding: string;
  /** The addon that opens the libraries without their banner. */
  openQuietly: string;
  /** The companion addon. */
  segmentAddon: string;
}

/** Where everything belongs, for the sources, versions and settings of this moment, whether it is there or not. */
export interface Plan {
  home: string;
  library: Libtensorflow;
  source: AddonSource;
  tfjsNodeFolder: string;
  segmentFolder: string;
  paths: NativePaths;
}

/** Relative to the folder of tfjs-node's package; where node-pre-gyp would have put it. */
export const bindingFile = join('lib', 'napi-v8', 'tfjs_binding.node');
export const openQuietlyFile = join('lib', 'napi-v8', 'open_quietly.node');
export const segmentFile = 'segment.node';

/** @throws NATIVE_LIBTENSORFLOW_INVALID, NATIVE_SOURCE_MISSING */
export async function plan(): Promise<Plan> {
  const home = homeDirectory();
  const [library, source] = await Promise.all([chosenLibtensorflow(home), addonSource()]);
  const tfjsKey = contentKey(packages, sourcePatches, compileFlags, openQuietlySource, tfjsStandIn, library.key);
  const tfjsNodeFolder = homeLayout.tfjsNode(home, `${nativeVersions.tfjsNode}-${tfjsKey}`);
  const segmentFolder = homeLayout.segmentAddon(home, contentKey(source.files, compileFlags, library.key));
  const paths: NativePaths = {
    libtensorflow: library.folder,
    libraries: library.libraries,
    tfjsNode: tfjsNodeFolder,
    tfjsBinding: join(tfjsNodeFolder, bindingFile),
    openQuietly: join(tfjsNodeFolder, openQuietlyFile),
    segmentAddon: join(segmentFolder, segmentFile),
  };
  return { home, library, source, tfjsNodeFolder, segmentFolder, paths };
}

/** Which parts are not there, or not whole. */
export interface MissingParts {
  libtensorflow: boolean;
  tfjsNode: boolean;
  segmentAddon: boolean;
}

/** Looks which parts of a plan have to be made. A libtensorflow of the user's own never has. */
export async function missingParts({ library, tfjsNodeFolder, segmentFolder }: Plan): Promise<MissingParts> {
  const [libtensorflow, tfjsNode, segmentAddon] = await Promise.all([
    library.own || isWhole(library.folder),
    isWhole(tfjsNodeFolder),
    isWhole(segmentFolder),
  ]);
  return { libtensorflow: !libtensorflow, tfjsNode: !tfjsNode, segmentAddon: !segmentAddon };
}

/** Whether nothing is missing. */
export function isComplete({ libtensorflow, tfjsNode, segmentAddon }: MissingParts): boolean {
  return !libtensorflow && !tfjsNode && !segmentAddon;
}

/**
 * Finds what is installed, or `undefined` if any of it is missing. Quick (about 20 file system calls) and without a lock.
 * @throws NATIVE_LIBTENSORFLOW_INVALID, NATIVE_SOURCE_MISSING
 */
export async function locate(): Promise<NativePaths | undefined> {
  const planned = await plan();
  return isComplete(await missingParts(planned)) ? planned.paths : undefined;
}
