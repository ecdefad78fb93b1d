interface Moments {
  readonly xx: Float64Array;
  readonly xv: Float64Array;
  readonly vv: Float64Array;
}

export declare const batch: number;
export declare const curvatures: Float64Array;
export declare function beginTraining(): Moments;
export declare function train(
  state: Moments,
  hyperparameters: { readonly learningRate: number; readonly momentum: number },
  steps: number,
): Moments;
export declare function expectedLoss(state: Moments): number;
