/** What `run` and `resume` have in common: a reporter, a way to be interrupted, and an exit code. */
import type { StudySummary, TunerEvent } from '../study/index.js';
import type { RunOptions } from '../tuner/index.js';
import type { Io } from './command.js';
import { exitCodeOf } from './exit-code.js';
import { type InstallView, openInstallView } from './install-progress.js';
import { listenForInterrupt } from './interrupt.js';
import { openReporter } from './open-reporter.js';
import type { OptionValues } from './options.js';

/** Options of both commands. */
export const workOptions = ['workers', 'backend', 'dir', 'data-dir', 'require-traced', 'json', 'quiet'] as const;

type WorkOptions = OptionValues<(typeof workOptions)[number]>;

/** @param work starts or resumes a study @returns the exit code */
export async function work(
  given: WorkOptions,
  io: Io,
  conduct: (options: RunOptions) => Promise<StudySummary>,
): Promise<number> {
  const reporter = await openReporter(given, io);
  const { signal, stop } = listenForInterrupt(() => {
    const message = 'interrupting: what was recorded is kept; once more to leave at once';
    if (given.json || given.quiet) io.stderr.write(`${message}\n`);
    else reporter.event({ type: 'notice', code: 'CLI_INTERRUPT', message });
  });
  const install = openInstallLazily(io);
  try {
    const onEvent = (event: TunerEvent) => {
      install.close();
      reporter.event(event);
    };
    const summary = await conduct({ ...runOptions(given), onEvent, onInstallProgress: install.onProgress, signal });
    if (summary.status === 'interrupted') {
      io.stderr.write(`go on with it: ${resumeCommand(summary.study, given)}\n`);
    }
    return exitCodeOf(summary);
  } finally {
    stop();
    install.close();
    reporter.close();
  }
}

function runOptions(given: WorkOptions): RunOptions {
  return {
    ...(given.workers === undefined ? {} : { workers: given.workers }),
    ...(given.backend === undefined ? {} : { backend: given.backend }),
    ...(given.dir === undefined ? {} : { directory: given.dir }),
    ...(given['data-dir'] === undefined ? {} : { dataDirectory: given['data-dir'] }),
    requireTraced: given['require-traced'],
  };
}

function resumeCommand(study: string, given: WorkOptions): string {
  const flags = (['dir', 'data-dir'] as const).flatMap((name) => {
    const value = given[name];
    return value === undefined ? [] : [`--${name}`, quote(value)];
  });
  return ['tfjs-tuner resume', study, ...flags].join(' ');
}

/** As a shell takes it for one word. */
function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The view is made at the first report: nearly always there is none. */
function openInstallLazily(io: Io): InstallView {
  let view: Promise<InstallView> | undefined;
  const onProgress: InstallView['onProgress'] = (event) => {
    view ??= openInstallView(io);
    void view.then((opened) => opened.onProgress(event));
  };
  const close = () => {
    void view?.then((opened) => opened.close());
    view = undefined;
  };
  return { onProgress, close };
}
