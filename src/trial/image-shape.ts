import { errors } from './errors.js';
import type { DataDescription } from './model.js';

/**
 * Height, width and channels of a data set's images; rows of shape `[height, width]` are images of one channel.
 *
 * @param model its name, for the message
 * @param smallest side that the model can take. Errors: TRIAL_FEATURES_NOT_IMAGES, TRIAL_IMAGES_TOO_SMALL
 */
export function imageShape(
  { featureShape, vocabularySize }: DataDescription,
  model: string,
  smallest = 1,
): [height: number, width: number, channels: number] {
  const [height, width, channels = 1] = featureShape;
  const isImage = featureShape.length === 2 || featureShape.length === 3;
  if (!isImage || vocabularySize !== undefined) {
    throw errors.TRIAL_FEATURES_NOT_IMAGES({ model, shape: featureShape, isText: vocabularySize !== undefined });
  }
  if (Math.min(height!, width!) < smallest) {
    throw errors.TRIAL_IMAGES_TOO_SMALL({ model, height: height!, width: width!, smallest });
  }
  return [height!, width!, channels];
}
