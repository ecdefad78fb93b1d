/** Python environments of pinned packages, made on first use under .cache, which git ignores. PYTHON names another interpreter than python3. */
import { join } from 'node:path';
import { makePythonEnvironment } from '../../../bench/python-environment.mjs';
import { root } from './run.mjs';

/**
 * The interpreter of an environment.
 *
 * @param name of the environment, in .cache
 * @param folder where its requirements.txt and constraints.txt are, from the root of the repository
 */
export function pythonWith(name, folder) {
  const venv = join(root, '.cache', name, 'venv');
  makePythonEnvironment(join(root, folder), venv);
  return join(venv, 'bin', 'python');
}

/** TensorFlow logs what it finds on a machine; only failures are shown. */
export const quietTensorFlow = { TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '', TF_ENABLE_ONEDNN_OPTS: '0' };
