"""Runs a command and measures it from outside.   measure_tree.py COMMAND…

Prints one JSON object: {"seconds", "residentBytes", "proportionalBytes", "output"}: wall time until the command ended, the
peak of the sum of resident memory over it and all its descendants, the same with shared pages counted once, and the last
line of its standard output. Its standard error is passed on.
"""

import json
import signal
import subprocess
import sys
import threading
import time

import psutil

RESIDENT_INTERVAL = 0.1
# Linux walks a process's page table for it, so this one is asked for seldom.
PROPORTIONAL_INTERVAL = 1.0


class TreeSampler(threading.Thread):
    """Samples the memory of a process and its descendants until it is told to stop."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self._root = psutil.Process(process)
        self._ended = threading.Event()
        self.resident = 0
        self.proportional = 0
        self.seen = {}

    def run(self):
        due = time.monotonic()
        while not self._ended.wait(RESIDENT_INTERVAL):
            tree = self._tree()
            self.resident = max(self.resident, self._sum(tree, lambda process: process.memory_info().rss))
            if time.monotonic() >= due:
                due = time.monotonic() + PROPORTIONAL_INTERVAL
                self.proportional = max(self.proportional, self._sum(tree, lambda process: process.memory_full_info().pss))

    def _tree(self):
        try:
            tree = [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []
        # a process whose parent ended is no descendant any more, but still ours
        self.seen.update({process.pid: process for process in tree})
        return list(self.seen.values())

    @staticmethod
    def _sum(tree, memory_of):
        total = 0
        for process in tree:
            try:
                if process.is_running():
                    total += memory_of(process)
            except psutil.Error:
                # ended in between
                pass
        return total

    def stop(self):
        """Ends the sampling, and every process that is left."""
        self._ended.set()
        self.join()
        for process in self.seen.values():
            try:
                if process.is_running():
                    process.kill()
            except psutil.Error:
                pass


def main():
    # so that what was started is ended, too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.perf_counter()
    command = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
    sampler = TreeSampler(command.pid)
    sampler.start()
    try:
        output, _ = command.communicate()
        seconds = time.perf_counter() - started
    finally:
        sampler.stop()
    if command.returncode != 0:
        raise SystemExit(f"{sys.argv[1]} ended with {command.returncode}")
    lines = output.strip().splitlines() or [""]
    measured = {"residentBytes": sampler.resident, "proportionalBytes": sampler.proportional}
    print(json.dumps({"seconds": seconds, **measured, "output": lines[-1]}))


if __name__ == "__main__":
    main()
