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

const { runCli } = await import('./run-cli.js');
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  loadTuner: () => import('../tuner/index.js'),
});
