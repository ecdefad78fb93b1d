import { mkdir, rename, rm } from 'node:fs/promises';
import { extract } from 'tar';
import { fileError } from '../files/index.js';
import { lastLine, run } from './child-process.js';
import { errors } from './errors.js';
import type { Tool } from './tools.js';
import { wheelContents } from './versions.js';

/**
 * Python, since a wheel needs a zip reader and Python has one. Arguments: wheel, folder, headers' prefixes and libraries as
 * JSON. Prints `headers` when those are out, then `bytes DONE TOTAL`; a full disk as `errno 28`.
 */
const script = `
import json, os, sys, zipfile
wheel, folder, prefixes, libraries = sys.argv[1], sys.argv[2], tuple(json.loads(sys.argv[3])), json.loads(sys.argv[4])
def say(*words):
    print(*words)
    sys.stdout.flush()
try:
    with zipfile.ZipFile(wheel) as archive:
        headers = [i for i in archive.infolist() if i.filename.startswith(prefixes) and i.filename.endswith('.h')]
        big = [archive.getinfo(name) for name in libraries]
        def out(info, done, total):
            path = os.path.join(folder, *info.filename.split('/')[1:])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with archive.open(info) as source, open(path, 'wb') as target:
                for chunk in iter(lambda: source.read(1 << 22), b''):
                    target.write(chunk)
                    done += len(chunk)
                    if total:
                        say('bytes', done, total)
            return done
        for info in headers:
            out(info, 0, 0)
        say('headers')
        done = 0
        for info in big:
            done = out(info, done, sum(i.file_size for i in big))
except OSError as error:
    say('errno', error.errno)
    raise SystemExit(str(error))
except (KeyError, zipfile.BadZipFile) as error:
    raise SystemExit('it is not the archive that it should be: %s' % error)
`;

/** What {@link unpackWheel} reports while it runs. */
export interface UnpackProgress {
  /** The headers are out: compiling may begin. */
  onHeaders: () => void;
  onBytes: (bytes: number, total: number) => void;
}

/**
 * Takes the libraries and headers that are needed out of a wheel into `folder`, without its first folder.
 * @throws NATIVE_UNPACK_FAILED, FILES_DISK_FULL
 */
export async function unpackWheel(
  python: Tool,
  file: string,
  folder: string,
  { onHeaders, onBytes }: UnpackProgress,
  signal?: AbortSignal,
): Promise<void> {
  const [program, ...first] = python.command;
  const { headers, libraries } = wheelContents;
  let errno = '';
  const onLine = (line: string) => {
    const [word, a, b] = line.split(' ');
    if (word === 'headers') onHeaders();
    else if (word === 'bytes') onBytes(Number(a), Number(b));
    else if (word === 'errno') errno = a ?? '';
  };
  // -I: no module of the current folder's may stand in for Python's own
  const args = [...first, '-I', '-c', script, file, folder, JSON.stringify(headers), JSON.stringify(libraries)];
  const ended = await run(program, args, { onLine, signal, folder });
  if (ended.status === 0) return;
  const reason = lastLine(ended);
  if (errno === '28' || errno === '122')
    throw fileError('unpack the wheel to', folder, Object.assign(new Error(reason), { code: 'ENOSPC' }));
  throw errors.NATIVE_UNPACK_FAILED({ what: 'The TensorFlow wheel', reason });
}

/**
 * Unpacks an npm package's tarball into `folder` (created), without the tarball's own first folder.
 * @throws NATIVE_UNPACK_FAILED
 */
export async function unpackPackage(file: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await extract({ file, cwd: folder, strip: 1, strict: true });
  } catch (error) {
    throw errors.NATIVE_UNPACK_FAILED({ what: file, reason: (error as Error).message }, error);
  }
}

/**
 * Removes the libraries' symbols that nothing links against, which is a quarter of their size. A `strip` that fails leaves
 * the library as it was: it works all the same.
 * @returns whether it was stripped
 */
export async function stripLibrary(strip: Tool, library: string, signal?: AbortSignal): Promise<boolean> {
  const [program, ...first] = strip.command;
  const stripped = `${library}.stripped`;
  const ended = await run(program, [...first, '--strip-unneeded', '-o', stripped, library], { signal });
  if (ended.status === 0) await rename(stripped, library);
  else await rm(stripped, { force: true });
  return ended.status === 0;
}
