/**
 * The results of all tasks, like `Promise.all`, but settled only once every task is: a failure is thrown when no child
 * process of another task is left that still writes into the folder to be removed. The first failure in order wins.
 */
export async function inParallel<T>(tasks: ReadonlyArray<Promise<T>>): Promise<T[]> {
  const settled = await Promise.allSettled(tasks);
  return settled.map((task) => {
    if (task.status === 'rejected') throw task.reason;
    return task.value;
  });
}
