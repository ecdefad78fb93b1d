#!/usr/bin/env node
import module from 'node:module';

// Node 22 and newer keep compiled code between starts
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

// Whoever reads may stop reading (`| head`). A study at work is then left as if by a signal; what is only printed ends.
let isReaderGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (isReaderGone) return;
  isReaderGone = true;
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(0);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// said before anything is loaded that an older Node would fail on in its own words
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`error: tfjs-tuner needs Node 20.19 or newer, and this is ${process.versions.node}\n`);
  process.exit(3);
}

const { runCli } = await import('./run-cli.js');
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  loadTuner: () => import('../tuner/index.js'),
});
