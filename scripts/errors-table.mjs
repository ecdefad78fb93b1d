// Writes docs/errors.md: every error code of every room, from the registry itself.
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const rooms = fileURLToPath(new URL('../dist/src/', import.meta.url));
for (const room of readdirSync(rooms, { withFileTypes: true })) {
  if (room.isDirectory()) await import(`${rooms}${room.name}/errors.js`).catch(() => {});
}
const { allErrorCodes, exitCodes } = await import('../dist/src/errors/index.js');
const meanings = { input: 'the input is wrong', machine: 'the machine lacks something', study: 'the study failed' };
const rows = allErrorCodes().map(({ code, kind }) => `| \`${code}\` | ${meanings[kind]} | ${exitCodes[kind]} |`);
const page = `# Errors
Every error says what must hold and what was given, and then what to do. Its code never changes, and is never used for anything
else. This table is written by \`npm run docs:errors\`; a test compares it with the code.

| code | whose turn it is | exit code |
| --- | --- | --- |
${rows.join('\n')}

Exit code 130: interrupted, and resumable with \`tfjs-tuner resume\`.
`;
writeFileSync(fileURLToPath(new URL('../docs/errors.md', import.meta.url)), page);
