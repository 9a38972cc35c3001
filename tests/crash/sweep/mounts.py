"""File systems for one case: a small one that can be filled, real ones whose power can be cut."""
import contextlib
import errno
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

FILLER = "filler"


def why_not():
    """What this machine lacks to mount anything, or nothing."""
    if os.geteuid() != 0:
        return "needs root to mount"
    try:
        with Tmpfs():
            return ""
    except subprocess.CalledProcessError as problem:
        return "can't mount: %s" % problem.stderr.decode().strip()


def why_no_loop(kind):
    lacking = why_not()
    if lacking or shutil.which("mkfs." + kind):
        with contextlib.ExitStack() as stack:
            try:
                return lacking or stack.enter_context(Loop(kind)) and ""
            except subprocess.CalledProcessError as problem:
                return "can't mount %s on a loop device: %s" % (kind, problem.stderr.decode().strip())
    return "mkfs.%s is not installed" % kind


def run(*words):
    subprocess.run(words, check=True, capture_output=True)


class Mounted:
    """`fill(left)` leaves so many bytes of it; `free` gives the room back."""

    def fill(self, left):
        # Allocated and not written: of what is only written ext4 reserves more than it then takes.
        with open(self.path / FILLER, "wb", buffering=0) as file:
            size, most = 0, 1 << 20
            while (room := self.room() - left) > 0:
                try:
                    os.posix_fallocate(file.fileno(), size, min(room, most))
                    size += min(room, most)
                except OSError as problem:
                    if problem.errno != errno.ENOSPC or most == 1:
                        raise
                    most //= 2

    def room(self):
        state = os.statvfs(self.path)
        return state.f_bavail * state.f_frsize

    def free(self):
        (self.path / FILLER).unlink(missing_ok=True)

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="popkeep-disk-"))
        self.path = self.folder / "mnt"
        self.path.mkdir()
        try:
            self.mount()
        except BaseException:
            shutil.rmtree(self.folder, True)
            raise
        return self

    def __exit__(self, *_):
        # Lazily, should a process that was killed not be gone yet.
        subprocess.run(["umount", self.path], capture_output=True).returncode and run("umount", "-l", self.path)
        shutil.rmtree(self.folder, True)


class Tmpfs(Mounted):
    kind = "tmpfs"

    def mount(self):
        run("mount", "-t", "tmpfs", "-o", "size=12m", "popkeep", self.path)


class Loop(Mounted):
    """`cut` is what the kernel offers for tests of power failures: from then on nothing reaches the device. With
    `log` what the journal holds is still written, without it is lost. `again` mounts it as after a reboot."""

    SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN
    LOG_FLUSHED, LOG_LOST = 1, 2

    def __init__(self, kind):
        self.kind = kind

    def mount(self):
        self.image = self.folder / "image"
        with open(self.image, "wb") as file:
            file.truncate((320 if self.kind == "xfs" else 32) << 20)
        # What only root may use would never be full.
        run("mkfs." + self.kind, "-q", *(["-m", "0"] if self.kind == "ext4" else []), self.image)
        self.again(False)

    def again(self, unmount=True):
        if unmount:
            run("umount", self.path)
        run("mount", "-t", self.kind, "-o", "loop", self.image, self.path)

    def settle(self):
        run("sync", "-f", self.path)

    def cut(self, log):
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, self.SHUTDOWN, struct.pack("I", self.LOG_FLUSHED if log else self.LOG_LOST))
        finally:
            os.close(folder)
