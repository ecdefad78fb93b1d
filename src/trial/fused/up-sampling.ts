import * as tf from '@tensorflow/tfjs';
import { mustCompile } from './active.js';

interface Attributes {
  readonly alignCorners?: boolean;
  readonly halfPixelCenters?: boolean;
}

/**
 * XLA has no kernel for the gradient of repeating pixels (`ResizeNearestNeighborGrad`). Where a step is to be compiled, it is the sum
 * over the copies of each pixel, for whole factors: all that `tf.layers.upSampling2d` does.
 */
export function installUpSamplingGradient(): void {
  const original = tf.getGradient('ResizeNearestNeighbor')!;
  tf.unregisterGradient('ResizeNearestNeighbor');
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attributes) => {
      const [images] = saved as [tf.Tensor4D];
      const { alignCorners, halfPixelCenters } = attributes as Attributes;
      const factors = wholeFactors(images.shape, (dy as tf.Tensor4D).shape);
      const repeats = factors !== undefined && !alignCorners && !halfPixelCenters;
      if (!mustCompile() || !repeats) return original.gradFunc(dy, saved, attributes);
      return { images: () => sumOfCopies(dy as tf.Tensor4D, images.shape, factors) };
    },
  });
}

type Shape = tf.Tensor4D['shape'];

/** How often each pixel was repeated, down and across. */
function wholeFactors([, height, width]: Shape, [, newHeight, newWidth]: Shape): [number, number] | undefined {
  if (newHeight % height !== 0 || newWidth % width !== 0) return undefined;
  return [newHeight / height, newWidth / width];
}

function sumOfCopies(dy: tf.Tensor4D, [batch, height, width, channels]: Shape, [down, across]: [number, number]) {
  return dy
    .reshape([batch * height, down, width, across, channels])
    .sum([1, 3])
    .reshape([batch, height, width, channels]);
}
