// node bench/import/read-once.mjs FILE: reads a file of rows twice, and tells what the second time took.
const { readTableFile } = await import('../../dist/src/data/readers/table-file.js');
let told;
for (let i = 0; i < 2; i++) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await readTableFile(process.argv[2], { ignore: [] });
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  told = { wall, cpu: (user + system) / 1e6 };
}
console.log(JSON.stringify(told));
