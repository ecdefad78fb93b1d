/** What an installation consists of. Each part is made once, and found from then on. */
export type Part = 'libtensorflow' | 'tfjs-node' | 'segment-addon';

/** What is being done. A part that was there already reports `done` at once. */
export type Phase = 'download' | 'verify' | 'unpack' | 'strip' | 'compile' | 'done';

/** One report of an installation's progress. Phases of different parts interleave. */
export type InstallEvent =
  | {
      readonly part: Part;
      readonly phase: Phase;
      /** How much of the phase is done, from 0 to 1, both included; absent where that cannot be told. */
      readonly fraction?: number;
      /** Bytes done of the phase. */
      readonly bytes?: number;
      readonly totalBytes?: number;
    }
  | {
      /** Another process installs into the same folder, and is waited for. */
      readonly part: 'install';
      readonly phase: 'wait';
      readonly holder: string;
    };

export type OnProgress = (event: InstallEvent) => void;
