type Theta = readonly [number, number];
type Path = readonly Theta[];

export declare const toy: { interval: number; generations: number; learningRate: number; start: Theta };
export declare function quality(theta: Theta): number;
export declare function bestQuality(paths: readonly Path[]): number[];
export declare function toyRuns(
  rooms: object,
): Readonly<Record<'PBT' | 'explore only' | 'exploit only' | 'grid search', (seed: number) => readonly [Path, Path]>>;
