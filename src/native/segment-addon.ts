/** An open program: an opaque handle, freed when it is garbage collected or released. */
export interface Program {
  readonly __program: unique symbol;
}

/** A graph to load. References are `node:output`; both graphs are serialized GraphDefs. */
export interface ProgramSpec {
  /** Names the contents: specs with equal keys share one session, over all threads of the process. */
  readonly key: string;
  /** Placeholders, and what runs once a call. */
  readonly graph: Uint8Array;
  /** Placeholders of `graph`, in the order in which `run` takes them. At most one dimension of each may be -1. */
  readonly feeds: readonly string[];
  /** What `run` gives back, in order; `loop:i` is the loop's i-th result. */
  readonly fetches: readonly string[];
  /** Serialized ConfigProto. */
  readonly config: Uint8Array;
  /** A body that is run while its first parameter (an int32 counter that it increments) is below its second. */
  readonly loop?: {
    readonly body: Uint8Array;
    /** Placeholders of `body`. */
    readonly parameters: readonly string[];
    /** References in `body`, as many as there are parameters, of the same types. */
    readonly results: readonly string[];
    /** References in `graph`: the parameters' first values. */
    readonly arguments: readonly string[];
    /** Whether XLA compiles the whole loop. */
    readonly compile: boolean;
  };
}

/** The companion addon (`src/native/addon/segment.cc`). All calls are synchronous and throw `Error`s with a `code`. */
export interface SegmentAddon {
  load(spec: ProgramSpec): Program;
  /**
   * Runs a program in the calling thread. `feeds` are read in place when 64-byte aligned (else TensorFlow copies them);
   * results are copied into `outputs`, each of exactly the result's bytes. On an error `outputs` are untouched.
   */
  run(program: Program, feeds: readonly ArrayBufferView[], outputs: readonly ArrayBufferView[]): void;
  release(program: Program): void;
  /**
   * Cancels the programs whose keys start with `prefix`: their running calls, in whatever thread, end soon with an error of
   * code `TF_1`, and later ones fail. A later `load` of the same key opens a new session.
   */
  cancel(prefix: string): void;
  /** The address of a view's first byte, modulo 4096. */
  address(view: ArrayBufferView): number;
  /** An op's OpDef (tensorflow/core/framework/op_def.proto), serialized. Throws for an op that does not exist. */
  definition(op: string): Uint8Array;
  /**
   * Whether the addon's own operations may stand for products of float matrices (`src/native/addon/matrix-product-op.h`): this processor has
   * kernels for them, and there is no graphics card. The first call's answer, for a session's `config` (a ConfigProto), is every call's.
   */
  hasProducts(config: Uint8Array): boolean;
  /**
   * Gives back to the system what it can have: memory that was freed (glibc keeps it otherwise), and pages of the library's files,
   * which come back when they are read again. Takes a few milliseconds.
   */
  trim(): void;
  statistics(): { readonly programs: number; readonly programsCreated: number; readonly version: string };
}
