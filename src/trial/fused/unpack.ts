import * as tf from '@tensorflow/tfjs';

/**
 * Mends tfjs's gradient of `unstack`: of a single tensor it is given that tensor's gradient, not a list of one, and fails. Recurrent and
 * time-distributed layers over one time step come to that.
 */
export function installUnpackGradient(): void {
  const original = tf.getGradient('Unpack')!;
  tf.unregisterGradient('Unpack');
  const gradFunc: tf.GradFunc = (dy, saved, attrs) => original.gradFunc([dy].flat(), saved, attrs);
  tf.registerGradient({ ...original, gradFunc });
}
