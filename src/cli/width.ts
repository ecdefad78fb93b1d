/** Characters a line may have: those of the terminal; without one, all there are. */
export function widthOf({ isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return isTTY && columns ? columns : Number.POSITIVE_INFINITY;
}
