import { errors } from '../errors.js';
import { hasGreyPalette } from './png-palette.js';

/** Pixels that an image may have: what is more is a damaged header, or a bomb. */
const pixelLimit = 50_000_000;

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green, blue. */
  readonly channels: 1 | 3;
}

/** Only now: worker threads import this room, too, and have no use for the decoder. */
async function openImage(path: string, bytes: Uint8Array) {
  const [a, b, c, d] = bytes;
  const isJpeg = a === 0xff && b === 0xd8 && c === 0xff;
  if (!isJpeg && !(a === 0x89 && b === 0x50 && c === 0x4e && d === 0x47)) {
    throw unreadable(path, 'its first bytes are neither those of PNG nor of JPEG');
  }
  const { default: sharp } = await import('sharp');
  // images come by the thousand, and each is decoded once
  sharp.cache(false);
  sharp.concurrency(1);
  return sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'warning' });
}

/**
 * Size and channels of a PNG or JPEG image once it is turned upright, by its header.
 *
 * @throws DATA_IMAGE_UNREADABLE
 */
export async function imageShape(path: string, bytes: Uint8Array): Promise<ImageShape> {
  try {
    const { autoOrient, space } = await (await openImage(path, bytes)).metadata();
    const isGrey = space === 'b-w' || space === 'grey16' || hasGreyPalette(bytes);
    return { ...autoOrient, channels: isGrey ? 1 : 3 };
  } catch (cause) {
    throw readable(path, cause);
  }
}

/**
 * Decodes a PNG or JPEG image into bytes, `[height, width, channels]`, turned upright as its metadata say, stretched to the shape if it has
 * another one (Lanczos), in sRGB or grey; what is transparent lies on black.
 *
 * @throws DATA_IMAGE_UNREADABLE for an image that is damaged, cut off, of another format, or of more than 50 million pixels
 */
export async function decodeImage(path: string, bytes: Uint8Array, shape: ImageShape): Promise<Uint8Array> {
  const { height, width, channels } = shape;
  try {
    const image = (await openImage(path, bytes)).autoOrient().flatten({ background: '#000' });
    const sized = image.resize(width, height, { fit: 'fill' }).toColourspace(channels === 1 ? 'b-w' : 'srgb');
    const pixels = await sized.raw({ depth: 'uchar' }).toBuffer();
    if (pixels.length !== height * width * channels) throw new Error(`it has ${pixels.length} values`);
    return pixels;
  } catch (cause) {
    throw readable(path, cause);
  }
}

function readable(path: string, cause: unknown): unknown {
  if ((cause as { code?: string }).code === 'DATA_IMAGE_UNREADABLE') return cause;
  return unreadable(path, (cause as Error).message.split('\n')[0]!.replace(/\.$/, ''), cause);
}

function unreadable(path: string, reason: string, cause?: unknown): Error {
  return errors.DATA_IMAGE_UNREADABLE({ path, reason }, cause);
}
