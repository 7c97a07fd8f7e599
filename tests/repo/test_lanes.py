# Copyright 2026 The credit_control authors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stages side by side: what they print, count and lose."""

import os
import signal
import subprocess
import sys

import pytest
from house import lanes, stages
from house.counts import Counts
from house.speech import Stop, say

PATIENCE = 20


def well():
    say("told by the house")
    print("told by a stage")
    subprocess.run([sys.executable, "-c", "print('told by a program')"], check=True)
    return Counts(passed=3)


def badly():
    print("what went wrong")
    return Counts(passed=1, failed=2)


def stop():
    raise Stop("no browser here", "get one")


def die():
    os._exit(7)


def raise_error():
    raise ValueError("a mistake in the house")


def play(*stage_list, number=2):
    report = stages.Report()
    lanes.play(report, list(stage_list), number)
    return report


@pytest.mark.parametrize("number", [1, 2])
def test_all_stages_are_counted_and_a_failed_one_fails_the_run(number, capfd):
    report = play(("a", well), ("b", badly), ("c", well), number=number)
    assert report.total == Counts(passed=7, failed=2)
    assert sorted(line.split()[0] for line in report.lines) == ["a", "b", "c"]
    assert report.close() == 1
    assert "7 passed, 2 failed" in capfd.readouterr().out


def test_what_a_stage_prints_stands_in_one_piece_below_its_title(capfd):
    play(("good", well), ("bad", badly))
    told = capfd.readouterr().out.split("=== ")[1:]
    texts = {text.split()[0]: text for text in told}
    assert set(texts) == {"good", "bad"}
    for words in ("told by the house", "told by a stage", "told by a program"):
        assert words in texts["good"]
    assert "what went wrong" in texts["bad"]


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (stop, "no browser here\n  what to do: get one"),
        (raise_error, "a mistake in the house"),
        (die, "died with exit code 7"),
    ],
)
def test_a_stage_that_ends_early_fails_and_the_others_run(work, words, capfd):
    report = play(("early", work), ("good", well), ("last", well))
    assert report.total == Counts(passed=6, failed=1)
    told = capfd.readouterr()
    assert words in told.out + told.err


def test_two_stages_run_at_the_same_time(tmp_path):
    for name in ("a", "b"):
        os.mkfifo(tmp_path / name)

    def meet(own, other):
        """Open a pipe whose other end only the other stage opens."""
        signal.alarm(PATIENCE)
        for name in sorted((own, other)):
            way = os.O_WRONLY if name == own else os.O_RDONLY
            os.close(os.open(tmp_path / name, way))
        return Counts(passed=1)

    report = play(("a", lambda: meet("a", "b")), ("b", lambda: meet("b", "a")))
    assert report.total == Counts(passed=2)


def test_a_stage_that_is_stopped_cleans_up_and_shows_how_far_it_was(tmp_path, capfd):
    pipe, left = tmp_path / "pipe", tmp_path / "left"
    os.mkfifo(pipe)

    def work():
        left.touch()
        signal.alarm(PATIENCE)
        try:
            os.close(os.open(pipe, os.O_WRONLY))
            print("half of it")
            while True:
                signal.pause()
        finally:
            left.unlink()

    job = lanes.Job("long", work)
    job.start()
    os.close(os.open(pipe, os.O_RDONLY))
    # What Ctrl-C sends to everybody: the stage waits for the word of its parent.
    os.kill(job.process.pid, signal.SIGINT)
    assert left.exists()
    job.stop()
    assert not left.exists()
    assert job.process.exitcode == 0
    assert "=== long" in capfd.readouterr().out
