import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colours where the output is a terminal that has them and `NO_COLOR` is not set (https://no-color.org); else none. */
export function colorsFor(output: { readonly isTTY?: boolean | undefined }): Colors {
  return picocolors.createColors(output.isTTY === true && picocolors.isColorSupported);
}

export const noColors: Colors = picocolors.createColors(false);
