import { errors } from './errors.js';

/** A change to one of tfjs-node's source files: `before`, which must occur exactly once, becomes `after`. */
export interface SourcePatch {
  /** Relative to the package's folder. */
  file: string;
  before: string;
  after: string;
}

/** What has to be changed in tfjs-node 4.22.0, whose sources are otherwise compiled as they are. */
export const sourcePatches: readonly SourcePatch[] = [
  {
    // Attribute names are kept in one set for the process, without a lock. Two worker threads that meet an operation for the
    // first time in the same moment break it: of 120 processes with two threads, 7 died of SIGSEGV in AssignOpAttr
    // (measured on two cores). The names are needed for the length of one call, in the thread that makes it.
    file: 'binding/tfjs_backend.cc',
    before: '\nstatic std::set<std::string> ATTR_NAME_SET;\n',
    after: '\nstatic thread_local std::set<std::string> ATTR_NAME_SET;\n',
  },
];

/** @throws NATIVE_UNPACK_FAILED when the text is not the one that the patch is for */
export function applyPatch(text: string, { file, before, after }: SourcePatch): string {
  const [head, tail, ...more] = text.split(before);
  if (head === undefined || tail === undefined || more.length > 0) {
    const reason = `${file} does not have exactly once what is to be changed in it`;
    throw errors.NATIVE_UNPACK_FAILED({ what: 'tfjs-node', reason });
  }
  return head + after + tail;
}
