"""Hostile and broken input: what is tried, against which command, and how each run is watched.

:mod:`tests.hostile.files` declares the files, :mod:`tests.hostile.slots` where each command takes one, and
:mod:`tests.hostile.running` runs a command under limits. ``python -m tests.hostile`` tries everything and writes the
table in ``docs/hostile-input.md``.
"""
