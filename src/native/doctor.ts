import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { TunerError } from '../errors/index.js';
import { ensureDirectory, freeBytes } from '../files/index.js';
import { errors } from './errors.js';
import { homeDirectory } from './home.js';
import { bytesForAddons, bytesForLibrary } from './install.js';
import { loadTfjsNode } from './load.js';
import { loadFailure } from './load-check.js';
import { isComplete, type MissingParts, missingParts, type Plan, plan } from './locate.js';
import { oldestNode, requireSupported, thisMachine } from './platform.js';
import { productIsRight } from './product-check.js';
import { findCompiler, findNpm, findPip, findPython, findStrip, type NoTool, type Tool, type Tried } from './tools.js';
import { nativeVersions, packages, wheel } from './versions.js';

/** One thing that was looked at. */
export interface DoctorRow {
  what: string;
  wanted: string;
  found: string;
  /** Whether what was found will do: something missing that is not needed any more will. */
  ok: boolean;
  /** Where it was looked for, in order, and what was there. */
  tried: readonly Tried[];
  /** What to do, where it is not ok. */
  todo?: string;
}

export interface DoctorReport {
  /** Whether every row is. */
  ok: boolean;
  rows: readonly DoctorRow[];
}

/** Rows made from what came before; a failure ends up in a row, never as a rejection. */
interface Findings {
  rows: DoctorRow[];
  planned: Plan | undefined;
  /** Which parts are still to be made; the tools for the others are not needed. */
  missing: MissingParts;
}

/**
 * Looks at everything that installing and running need, and at last multiplies two matrices natively. Takes about a second;
 * installs nothing, but creates the home folder. Never rejects because of what it finds.
 *
 * Makes `tensorflow` the backend of this thread's tfjs, when it loads.
 */
export async function doctor(): Promise<DoctorReport> {
  const findings: Findings = {
    rows: [],
    planned: undefined,
    missing: { libtensorflow: true, tfjsNode: true, segmentAddon: true },
  };
  const planRow = await attempt('settings', 'valid settings, and the addon’s source', async () => {
    findings.planned = await plan();
    findings.missing = await missingParts(findings.planned);
    const own = findings.planned.library.own ? ', libtensorflow from TFJS_TUNER_LIBTENSORFLOW' : '';
    return `home ${findings.planned.home}${own}`;
  });
  findings.rows.push(...machineRows(findings.planned?.library.own ?? false), planRow);
  findings.rows.push(...(await toolRows(findings)), ...(await homeRows(findings)));
  const { planned, missing } = findings;
  if (planned !== undefined) findings.rows.push(...partRows(planned, missing));
  if (planned !== undefined && isComplete(missing)) findings.rows.push(...(await runningRows(planned)));
  return { ok: findings.rows.every((row) => row.ok), rows: findings.rows };
}

/** A row that is ok unless `look` throws; what it returns was found. */
async function attempt(what: string, wanted: string, look: () => Promise<string> | string): Promise<DoctorRow> {
  try {
    return { what, wanted, found: await look(), ok: true, tried: [] };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const todo = error instanceof TunerError ? error.todo : 'Report this: it is a fault of this program.';
    return { what, wanted, found, ok: false, tried: [], todo };
  }
}

function machineRows(ownLibrary: boolean): DoctorRow[] {
  const machine = thisMachine();
  const { platform, arch, node, glibc } = machine;
  // each row judges one property: the others are given as they should be
  const good = { platform: 'linux', arch: 'x64', node: oldestNode, glibc: wheel.glibc };
  const row = (what: string, wanted: string, found: string, judged: Partial<typeof machine>): DoctorRow => {
    try {
      requireSupported({ ...good, ...judged }, ownLibrary);
      return { what, wanted, found, ok: true, tried: [] };
    } catch (error) {
      return { what, wanted, found, ok: false, tried: [], todo: (error as TunerError).todo };
    }
  };
  return [
    row('node', `${oldestNode} or newer`, node, { node }),
    row('platform', ownLibrary ? 'linux' : 'linux x64', `${platform} ${arch}`, { platform, arch }),
    row('C library', ownLibrary ? 'any' : `glibc ${wheel.glibc} or newer`, glibc ? `glibc ${glibc}` : 'not glibc', {
      glibc,
    }),
  ];
}

async function toolRows({ missing }: Findings): Promise<DoctorRow[]> {
  const row = (what: string, wanted: string, tool: Tool | NoTool, optional: boolean, todo: string): DoctorRow => {
    const { tried } = tool;
    if (tool.command !== undefined) {
      return { what, wanted, found: `${tool.version} (${tool.command.join(' ')})`, ok: true, tried };
    }
    return { what, wanted, found: 'none', ok: optional, tried, ...(optional ? {} : { todo }) };
  };
  const noPython: NoTool = { tried: [{ place: 'python3 -m pip', why: 'there is no Python' }] };
  const python = await findPython();
  const pip = python.command === undefined ? noPython : await findPip(python);
  const download = !missing.libtensorflow;
  const forDownload = 'to install libtensorflow';
  const noPip = errors.NATIVE_NO_PIP({ python: 'python3', reason: '' }).todo;
  return [
    row('python', `3.6 or newer, ${forDownload}`, python, download, errors.NATIVE_NO_PYTHON({ tried: '' }).todo),
    row('pip', forDownload, pip, download, noPip),
    row('npm', 'to install tfjs-node', await findNpm(), !missing.tfjsNode, errors.NATIVE_NO_NPM({ tried: '' }).todo),
    row(
      'C++ compiler',
      'C++17, to build the addons',
      await findCompiler(),
      !missing.tfjsNode && !missing.segmentAddon,
      errors.NATIVE_NO_COMPILER({ tried: '' }).todo,
    ),
    row('strip', 'if there is one, to make libtensorflow smaller', await findStrip(), true, ''),
  ];
}

async function homeRows({ missing }: Findings): Promise<DoctorRow[]> {
  const home = homeDirectory();
  const installed = isComplete(missing);
  const needed = missing.libtensorflow ? bytesForLibrary : bytesForAddons;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
  const wanted = installed ? 'enough is installed' : `${gigabytes(needed)} free to install`;
  return [
    await attempt('home folder', 'a folder that can be written to', () => ensureDirectory(home)),
    await attempt('disk', wanted, async () => {
      const free = await freeBytes(home);
      if (!installed && free < needed)
        throw errors.NATIVE_DISK_FULL({ path: home, needed: gigabytes(needed), free: gigabytes(free) });
      return `${gigabytes(free)} free`;
    }),
  ];
}

function partRows(planned: Plan, missing: MissingParts): DoctorRow[] {
  const { library, tfjsNodeFolder, segmentFolder, home } = planned;
  const { todo } = errors.NATIVE_NOT_INSTALLED({ home });
  const row = (what: string, wanted: string, folder: string, lacking: boolean): DoctorRow => {
    const why = lacking ? 'not there, or not whole' : 'whole';
    const shared = { what, wanted, tried: [{ place: folder, why }] };
    return lacking ? { ...shared, found: 'not installed', ok: false, todo } : { ...shared, found: folder, ok: true };
  };
  const version = library.own ? 'the user’s own' : nativeVersions.libtensorflow;
  const tfjsNode = packages.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [
    row('libtensorflow', version, library.folder, missing.libtensorflow),
    row('tfjs-node', tfjsNode, tfjsNodeFolder, missing.tfjsNode),
    row('companion addon', 'built from this package’s source', segmentFolder, missing.segmentAddon),
  ];
}

/** Loads in a child first: a library that does not suit the processor kills the process that loads it. */
async function runningRows({ paths }: Plan): Promise<DoctorRow[]> {
  const loads = await attempt('loading', 'libtensorflow and both addons', async () => {
    const reason = await loadFailure(paths);
    if (reason !== undefined) throw errors.NATIVE_LOAD_FAILED({ path: paths.libtensorflow, reason });
    return 'all load';
  });
  if (!loads.ok) return [loads];
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
  const devices = await attempt('devices', 'a processor or a GPU', () => {
    const { binding } = loadTfjsNode(paths, tf);
    const processor = `${availableParallelism()} CPU cores`;
    return `${binding.isUsingGpuDevice() ? `a GPU, ${processor}` : processor} (TensorFlow ${binding.TF_Version})`;
  });
  const product = await attempt('calculating', 'a matrix product, exact', () => {
    const { backend } = loadTfjsNode(paths, tf);
    if (!productIsRight(tf, backend)) throw errors.NATIVE_WRONG_RESULT({ path: paths.libtensorflow });
    return 'exact';
  });
  return [loads, devices, product];
}
