#!/usr/bin/env node
import module from 'node:module';

// Node 22 and newer keep compiled code between starts
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

// whoever reads may stop reading (`| head`): the rest is for nobody, and what was recorded stays
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

const { runCli } = await import('./run-cli.js');
process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  loadTuner: () => import('../tuner/index.js'),
});
