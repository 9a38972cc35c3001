"""Test cases that are played in a network of their own, where 127.0.0.1:53 is asked for names."""

import os
import subprocess
import sys

from harness import PROGRAM


def namespaces(flags):
    """The command that enters namespaces of one's own (`flags` of unshare), as root there."""
    enter = ["unshare", flags]
    if os.geteuid() == 0:
        return enter
    if subprocess.run([*enter, "-r", "true"], capture_output=True).returncode == 0:
        return [*enter, "-r"]
    # Inside a chroot, or where user namespaces are switched off.
    return ["sudo", "-n", "-E", *enter]


def where_the_system_trusts(folder):
    """The command that runs another where /etc/ssl/certs is `folder`."""
    return [*namespaces("-m"), "sh", "-c", 'mount --bind "$0" /etc/ssl/certs && exec "$@"', folder]


def play(test, cases):
    """`cases`: the module that has them."""
    script = ("ip link set lo up && echo 'nameserver 127.0.0.1' > /tmp/resolv.$$ && "
              "mount --bind /tmp/resolv.$$ /etc/resolv.conf && rm /tmp/resolv.$$ && "
              "exec '%s' -B -m unittest %s" % (sys.executable, cases))
    done = subprocess.run([*namespaces("-nm"), "sh", "-c", script], cwd=os.path.dirname(__file__),
                          capture_output=True, text=True, timeout=300, env={**os.environ, "POPKEEP": PROGRAM})
    test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    test.assertRegex(done.stderr, r"Ran [1-9]")
