/** What is seen of a native installation: bars on a terminal, else a line for each thing that begins. */
import type { InstallEvent, OnProgress, Part, Phase } from '../native/index.js';
import { colorsFor, formatBytes, oneLine } from '../report/index.js';
import type { Io } from './command.js';

/** Reports of an installation go to `onProgress`; `close` gives the terminal back. */
export interface InstallView {
  readonly onProgress: OnProgress;
  readonly close: () => void;
}

/** On standard error: standard output is for results. */
export async function openInstallView({ stderr }: Pick<Io, 'stderr'>): Promise<InstallView> {
  return stderr.isTTY === true && process.env.TERM !== 'dumb' ? openBars(stderr) : openLines(stderr);
}

function openLines(stderr: Io['stderr']): InstallView {
  const told = new Set<string>();
  const onProgress = (event: InstallEvent) => {
    const line =
      event.phase === 'wait' ? `install: waiting for ${oneLine(event.holder)}` : `${event.part}: ${event.phase}`;
    if (told.has(line)) return;
    told.add(line);
    stderr.write(`${line}\n`);
  };
  return { onProgress, close: () => undefined };
}

async function openBars(stderr: Io['stderr']): Promise<InstallView> {
  const { MultiBar } = (await import('cli-progress')).default;
  const colors = colorsFor(stderr);
  const bars = new MultiBar({
    stream: stderr as NodeJS.WriteStream,
    format: `{part} ${colors.cyan('{bar}')} {percentage}% {phase} {amount}`,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: false,
    fps: 8,
  });
  const byPart = new Map<Part, ReturnType<typeof bars.create>>();
  const onProgress = (event: InstallEvent) => {
    if (event.phase === 'wait') return bars.log(`waiting for ${oneLine(event.holder)}\n`);
    const values = { part: event.part.padEnd(13), phase: event.phase, amount: amountOf(event) };
    const bar = byPart.get(event.part) ?? bars.create(1000, 0, values);
    byPart.set(event.part, bar);
    bar.update(Math.round(1000 * (event.phase === 'done' ? 1 : (event.fraction ?? 0))), values);
  };
  let isClosed = false;
  const close = () => {
    if (!isClosed) bars.stop();
    isClosed = true;
  };
  return { onProgress, close };
}

function amountOf({ bytes, totalBytes, phase }: { bytes?: number; totalBytes?: number; phase: Phase }): string {
  if (bytes === undefined || phase === 'done') return '';
  return totalBytes === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
}
