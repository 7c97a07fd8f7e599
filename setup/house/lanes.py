# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stages side by side, each in a process of its own.

Odoo waits for PostgreSQL, and both wait for the browser: one stage alone leaves half
of two processors idle. What a stage prints is shown in one piece when it ends, so
that a failure stands below the title of its stage.
"""

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import deque
from multiprocessing.connection import wait

from .counts import Counts
from .speech import say
from .stages import Report

# Each takes up to two gigabytes with its browser, and PostgreSQL a processor.
LANES = min(2, os.cpu_count() or 1)
FORK = multiprocessing.get_context("fork")


class Job:
    """A stage that runs beside others.

    :param str title: of the stage
    :param work: a function that returns the counts
    """

    def __init__(self, title, work):
        self.title = title
        self.work = work
        self.output = tempfile.TemporaryFile()
        self.answer, self._desk = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=self._run)
        self.since = time.monotonic()

    def start(self):
        say(f"- {self.title} ...")
        sys.stdout.flush()
        self.process.start()
        self._desk.close()

    def _run(self):
        # Ctrl-C reaches every process of the terminal; the parent ends this one.
        signal.signal(signal.SIGINT, lambda *_details: None)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for number in (1, 2):
            os.dup2(self.output.fileno(), number)
        sys.stdout = sys.stderr = open(1, "w", buffering=1, closefd=False)
        report = Report()
        with contextlib.suppress(KeyboardInterrupt):
            with report.stage(self.title) as count:
                count(self.work())
            self._desk.send(report)

    def end(self):
        """Show what the stage printed and return its report."""
        self.process.join()
        self.show()
        with contextlib.suppress(EOFError):
            return self.answer.recv()
        say(f"  {self.title} died with exit code {self.process.exitcode}")
        lost = Report()
        lost.note(self.title, Counts(failed=1), time.monotonic() - self.since)
        return lost

    def show(self):
        sys.stdout.flush()
        self.output.seek(0)
        shutil.copyfileobj(self.output, sys.stdout.buffer)
        sys.stdout.flush()

    def stop(self):
        """End the stage before its time: it drops its databases first."""
        self.process.terminate()
        self.process.join()
        self.show()


def play(report, stages, lanes=LANES):
    """Run stages, as many at a time as there are lanes.

    :param list stages: pairs of a title and a function that returns counts
    :param int lanes: 1 runs them one after the other, shown as they come
    """
    if lanes == 1:
        for title, work in stages:
            with report.stage(title) as count:
                count(work())
        return
    waiting, running = deque(stages), []
    try:
        while waiting or running:
            while waiting and len(running) < lanes:
                running.append(Job(*waiting.popleft()))
                running[-1].start()
            ended = wait([job.process.sentinel for job in running])
            for job in [job for job in running if job.process.sentinel in ended]:
                running.remove(job)
                report.add(job.end())
    finally:
        for job in running:
            job.stop()
