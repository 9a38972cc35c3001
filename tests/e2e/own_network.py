"""Test cases that are played in a network of their own, where 127.0.0.1:53 is asked for names."""

import os
import subprocess
import sys

from harness import PROGRAM


def play(test, cases):
    """`cases`: the module that has them."""
    script = ("ip link set lo up && echo 'nameserver 127.0.0.1' > /tmp/resolv.$$ && "
              "mount --bind /tmp/resolv.$$ /etc/resolv.conf && rm /tmp/resolv.$$ && "
              "exec '%s' -B -m unittest %s" % (sys.executable, cases))
    enter = ["unshare", "-nm"]
    if os.geteuid() != 0 and subprocess.run([*enter, "-r", "true"], capture_output=True).returncode == 0:
        enter.append("-r")
    elif os.geteuid() != 0:
        # Inside a chroot, or where user namespaces are switched off.
        enter = ["sudo", "-n", "-E", *enter]
    done = subprocess.run([*enter, "sh", "-c", script], cwd=os.path.dirname(__file__), capture_output=True, text=True,
                          timeout=300, env={**os.environ, "POPKEEP": PROGRAM})
    test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    test.assertRegex(done.stderr, r"Ran [1-9]")
