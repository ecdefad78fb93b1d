import { spawnSync } from 'node:child_process';

const python = process.env.TFJS_TUNER_PYTHON;

const quiet = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '', TF_ENABLE_ONEDNN_OPTS: '0' };

/** Why Python's TensorFlow is not asked, if it is not. */
export const pythonMissing: string | undefined = whyMissing();

function whyMissing(): string | undefined {
  if (python === undefined) return 'TFJS_TUNER_PYTHON does not name a Python with TensorFlow';
  const { status } = spawnSync(python, [
    '-c',
    'import sys, importlib.util as u; sys.exit(u.find_spec("tensorflow") is None)',
  ]);
  return status === 0 ? undefined : `${python} has no TensorFlow`;
}

const script = `
import json, sys
import numpy, tensorflow as tf
asked = json.load(sys.stdin)
answers = []
for one in asked:
    function = tf.saved_model.load(one['folder']).signatures['serving_default']
    inputs = {name: tf.constant(numpy.array(given['values'], given['type']).reshape(given['shape']))
              for name, given in one['inputs'].items()}
    predictions = function(**inputs)['predictions'].numpy()
    answers.append({'shape': predictions.shape, 'values': predictions.astype(float).ravel().tolist()})
json.dump(answers, sys.stdout)
`;

/** Inputs of one SavedModel: values row by row. */
export interface PythonQuestion {
  readonly folder: string;
  readonly inputs: Readonly<
    Record<string, { values: readonly number[]; type: 'float32' | 'int32'; shape: readonly number[] }>
  >;
}

/** What Python's TensorFlow predicts with SavedModels. */
export function predictInPython(questions: readonly PythonQuestion[]): { shape: number[]; values: number[] }[] {
  const input = JSON.stringify(questions);
  const { status, stdout, stderr } = spawnSync(python!, ['-c', script], {
    input,
    encoding: 'utf8',
    env: quiet,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python's TensorFlow failed: ${stderr}`);
  return JSON.parse(stdout);
}
