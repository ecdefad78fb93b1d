import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const python = process.env.TFJS_TUNER_PYTHON;

const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '', TF_ENABLE_ONEDNN_OPTS: '0' };

/** Why Python's TensorFlow is not asked, if it is not. */
export const pythonMissing: string | undefined = whyMissing(['tensorflow']);

/** Why ONNX is not converted and run, if it is not. */
export const onnxMissing: string | undefined = whyMissing(['tensorflow', 'tf2onnx', 'onnxruntime']);

function whyMissing(modules: readonly string[]): string | undefined {
  if (python === undefined) return 'TFJS_TUNER_PYTHON does not name a Python with TensorFlow';
  const code = 'import sys, importlib.util as u; print([m for m in sys.argv[1:] if u.find_spec(m) is None])';
  const { stdout, status } = spawnSync(python, ['-c', code, ...modules], { encoding: 'utf8' });
  return status === 0 && stdout.trim() === '[]' ? undefined : `${python} lacks ${stdout?.trim() ?? 'everything'}`;
}

const script = fileURLToPath(new URL('../../examples/targets/tensorflow/predict.py', import.meta.url));

/** Inputs of one model, values row by row: of a SavedModel by its folder, or of an ONNX model by its file. */
export interface PythonQuestion {
  readonly folder?: string;
  readonly onnx?: string;
  readonly inputs: Readonly<
    Record<string, { values: readonly number[]; type: 'float32' | 'int32'; shape: readonly number[] }>
  >;
}

/** What Python's TensorFlow predicts with SavedModels, and onnxruntime with ONNX models. */
export function predictInPython(questions: readonly PythonQuestion[]): { shape: number[]; values: number[] }[] {
  const input = JSON.stringify(questions);
  const { status, stdout, stderr } = spawnSync(python!, [script], {
    input,
    encoding: 'utf8',
    env: quiet,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python's TensorFlow failed: ${stderr}`);
  return JSON.parse(stdout);
}
