/** ONNX, by Python's tf2onnx: no converter is kept on npm. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ensureDirectory } from '../files/index.js';
import { errors } from './errors.js';

/** The Python that has tf2onnx and TensorFlow; TFJS_TUNER_PYTHON names another than `python3`. */
function interpreter(): string {
  const given = process.env.TFJS_TUNER_PYTHON ?? 'python3';
  // the converter runs in a folder of its own
  return /[\\/]/.test(given) ? resolve(given) : given;
}

/** Exits with 3 where a module is missing, and says which. */
const script = `
import importlib.util, runpy, sys
missing = [name for name in ('tensorflow', 'tf2onnx') if importlib.util.find_spec(name) is None]
if missing:
    sys.exit(print(' and '.join(missing)) or 3)
runpy.run_module('tf2onnx.convert', run_name='__main__', alter_sys=True)
`;

/** TensorFlow looks for graphics cards otherwise, and logs what it finds. */
const quiet = { TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };

/**
 * A SavedModel as an ONNX model. What it computes is the same each time; its bytes are not, as the converter numbers nodes in the order of sets.
 *
 * @param savedModel the bytes of `saved_model.pb`
 * @returns the bytes of a `.onnx` file, whose inputs and output are named as the SavedModel's
 * @throws TUNER_ONNX_CONVERTER, TUNER_ONNX_FAILED
 */
export async function convertToOnnx(savedModel: Uint8Array): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-tuner-onnx-'));
  try {
    await ensureDirectory(join(folder, 'saved-model'));
    await writeFile(join(folder, 'saved-model/saved_model.pb'), savedModel);
    await runConverter(folder);
    return await readFile(join(folder, 'model.onnx'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Relative paths: the converter writes them into the model. */
const words = ['--saved-model', 'saved-model', '--signature_def', 'serving_default', '--tag', 'serve'];

async function runConverter(folder: string): Promise<void> {
  const python = interpreter();
  try {
    const options = { cwd: folder, env: { ...process.env, ...quiet }, maxBuffer: 2 ** 26 };
    await promisify(execFile)(python, ['-c', script, ...words, '--output', 'model.onnx'], options);
  } catch (error) {
    const { code, stdout = '', stderr = '', message } = error as Failure;
    if (code === 3) throw errors.TUNER_ONNX_CONVERTER({ python, problem: `it lacks ${stdout.trim()}` }, error);
    if (code === 'ENOENT') throw errors.TUNER_ONNX_CONVERTER({ python, problem: 'there is no such program' }, error);
    if (typeof code === 'string') throw errors.TUNER_ONNX_CONVERTER({ python, problem: message }, error);
    throw errors.TUNER_ONNX_FAILED({ message: stderr.trim().split('\n').at(-1) || message }, error);
  }
}

/** How a child process failed: its exit code, or what the system says (`ENOENT`). */
interface Failure extends Error {
  readonly code?: number | string;
  readonly stdout?: string;
  readonly stderr?: string;
}
