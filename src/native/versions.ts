/** Versions of what is installed, as published by its makers. */
export const nativeVersions: { libtensorflow: string; tfjsNode: string } = {
  libtensorflow: '2.21.0',
  tfjsNode: '4.22.0',
};

/** A package of PyPI's, pinned to one file. */
export const wheel = {
  requirement: `tensorflow-cpu==${nativeVersions.libtensorflow}`,
  /** Which file: the library inside does not depend on the Python that the tag names. */
  pythonVersion: '3.11',
  platform: 'manylinux_2_27_x86_64',
  /** The oldest glibc that the platform tag promises to run on. */
  glibc: '2.27',
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  bytes: 273_829_956,
} as const;

/**
 * What of the wheel is needed, as prefixes of the names within: the two libraries, and the headers of the C API with
 * the few of the string type that they include. That is 1 MB of the 268 MB of headers.
 */
export const wheelContents = {
  libraries: ['tensorflow/libtensorflow_framework.so.2', 'tensorflow/libtensorflow_cc.so.2'],
  headers: [
    'tensorflow/include/tensorflow/c/',
    'tensorflow/include/tensorflow/core/platform/ctstring',
    'tensorflow/include/tsl/platform/ctstring',
    'tensorflow/include/xla/tsl/c/',
  ],
} as const;

/** A package of npm's, pinned to one file. `integrity` is the registry's, in the form of subresource integrity. */
export interface PinnedPackage {
  name: string;
  version: string;
  integrity: string;
  /** Where it is unpacked, relative to the folder of tfjs-node. */
  folder: string;
}

/**
 * tfjs-node's GPU package and the one dependency that its backend loads. The sources of the addon are those of the CPU
 * package; the package's name only switches off a refusal of dilated 3-D convolutions.
 */
export const packages: readonly PinnedPackage[] = [
  {
    name: '@tensorflow/tfjs-node-gpu',
    version: nativeVersions.tfjsNode,
    integrity: 'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
    folder: '.',
  },
  {
    name: 'google-protobuf',
    version: '3.21.4',
    integrity: 'sha512-MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
    folder: 'node_modules/google-protobuf',
  },
];
