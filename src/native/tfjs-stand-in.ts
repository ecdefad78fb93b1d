/**
 * Where tfjs-node finds tfjs: a key of `globalThis` (each worker thread has its own) that is set only while its modules are
 * being loaded.
 */
export const tfjsKey: unique symbol = Symbol.for('tfjs-tuner.tfjs');

/**
 * The whole of the package `@tensorflow/tfjs` (and tfjs-core) that lies in the `node_modules` of the installed tfjs-node:
 * the tfjs of whoever loads it. Installed copies are shared by all projects, so they cannot refer to one project's tfjs by
 * path, and a tfjs of their own would be a second one, with other tensors. Node's module loader could be told to resolve
 * the name elsewhere, but only through its internals (`Module._resolveFilename`), which differ between versions.
 */
export const tfjsStandIn = `const tfjs = globalThis[Symbol.for('tfjs-tuner.tfjs')];
if (tfjs === undefined) throw new Error('this copy of tfjs-node has to be loaded by tfjs-tuner');
module.exports = tfjs;
`;

/** The packages that {@link tfjsStandIn} stands in for: all of the names in tfjs are in both. */
export const standInPackages = ['@tensorflow/tfjs', '@tensorflow/tfjs-core'] as const;
