// node bench/import/read-once.mjs FILE: reads a file of rows twice, and tells what each time took: cold, and warm.
const { readTableFile } = await import('../../dist/src/data/readers/table-file.js');
const told = {};
for (const state of ['cold', 'warm']) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await readTableFile(process.argv[2], { ignore: [] });
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  told[state] = { wall, cpu: (user + system) / 1e6 };
}
console.log(JSON.stringify(told));
// threads that wait for the next file
process.exit();
