"""Completion, as the program offers it and as the shells show it."""

import os
import pty
import re
import select
import subprocess
import time
import unittest

from harness import PROGRAM, Case


# Each one's options, and what is typed first.
SHELLS = {
    "bash": (["--norc", "--noprofile"], b"PS1='> '; source <(popkeep completion bash); echo rea''dy\n"),
    "fish": (["--no-config"], b"function fish_prompt; echo '> '; end; popkeep completion fish | source; "
                              b"echo rea''dy\n"),
    "zsh": (["-f"], b"PS1='> '; autoload -U compinit; compinit -D -u; source <(popkeep completion zsh); "
                    b"print rea''dy\n"),
}


class Completion(Case):
    founded = False

    def setUp(self):
        super().setUp()
        folder = self.home / "config" / "popkeep"
        folder.mkdir(parents=True)
        (folder / "popkeep.toml").write_text(
            '[account.home]\nurl = "pop3s://me@pop.example.com"\n[account.work]\nurl = "pop3s://me@pop.example.org"\n')
        (self.folder / "box.pem").write_text("")

    def offered(self, *words):
        result = self.run_program("complete", *words)
        self.assert_exit(result, 0)
        return [line.split("\t")[0] for line in result.out.splitlines()]

    def test_commands(self):
        self.assertEqual(self.offered("ver"), ["verify"])

    def test_subjects_of_help(self):
        self.assertEqual(self.offered("help", "exi"), ["exit-codes"])

    def test_options_of_a_command(self):
        self.assertEqual(self.offered("fetch", "--dr"), ["--dry-run", "--drain"])

    def test_every_option_that_the_help_shows(self):
        commands = set(self.offered("")) - {"help"}
        self.assertIn("fetch", commands)
        for command in sorted(commands):
            with self.subTest(command):
                heads = re.findall(r"^  (-.*)", self.run_program("help", command).out, re.MULTILINE)
                shown = re.findall(r"(?<!\S)--[a-z0-9-]+", "\n".join(heads))
                self.assertIn("--help", shown)
                self.assertEqual(sorted(self.offered(command, "--")), sorted(shown))

    def test_values(self):
        self.assertEqual(self.offered("fetch", "--tls", ""), ["on", "off"])
        self.assertEqual(self.offered("fetch", "--tls=o"), ["--tls=on", "--tls=off"])
        self.assertEqual(self.offered("fetch", "--delete", ""), ["never", "fetched", "after:", "keep:"])

    def test_a_count_offers_nothing(self):
        self.assertEqual(self.offered("fetch", "--limi"), ["--limit"])
        self.assertEqual(self.offered("fetch", "--limit", ""), [])

    def test_accounts_of_the_configuration(self):
        self.assertEqual(self.offered("fetch", ""), ["home", "work"])
        self.assertEqual(self.offered("fetch", "home", "--quiet", "w"), ["work"])

    def test_accounts_of_a_named_configuration(self):
        other = self.folder / "other.toml"
        other.write_text('[account.away]\nurl = "pop3s://me@pop.example.com"\n')
        self.assertEqual(self.offered("fetch", "--config", other, ""), ["away"])

    def test_archives_are_folders_or_accounts(self):
        self.assertEqual(self.offered("verify", ""), ["home", "work", ":directories"])

    def test_a_broken_configuration_is_silent(self):
        (self.home / "config" / "popkeep" / "popkeep.toml").write_text("[account")
        result = self.run_program("complete", "fetch", "")
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))
        self.assertEqual(self.offered("fetch", "--dr"), ["--dry-run", "--drain"])

    def test_a_word_that_is_no_command_is_silent(self):
        self.assertIn("fetch", self.offered(""))
        self.assertEqual(self.offered("nonsense", ""), [])

    def bash(self, *words):
        script = ('compopt() { :; }; eval "$("$1" completion bash)"; shift; COMP_WORDS=(popkeep "$@");'
                  "COMP_CWORD=$#; _popkeep popkeep; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script, "bash", PROGRAM, *words], capture_output=True, text=True,
                              cwd=self.folder, env=self.shell_environment())
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def shell_environment(self):
        folder = self.folder / "bin"
        folder.mkdir(exist_ok=True)
        if not (folder / "popkeep").exists():
            (folder / "popkeep").symlink_to(PROGRAM)
        return {**self.environment, "PATH": "%s:/usr/bin:/bin" % folder, "TERM": "xterm"}

    def test_bash_completes_commands_accounts_and_files(self):
        self.assertEqual(self.bash("ver"), ["verify"])
        self.assertEqual(self.bash("fetch", ""), ["home", "work"])
        self.assertEqual(self.bash("fetch", "--ca", "bo"), ["box.pem"])

    def test_bash_completes_behind_equals_and_colon(self):
        self.assertEqual(self.bash("fetch", "--tls", "=", "of"), ["off"])
        self.assertEqual(self.bash("fetch", "--ca", "=", "bo"), ["box.pem"])

    def test_fish_completes_commands_accounts_and_files(self):
        def fish(line):
            done = subprocess.run(["fish", "--no-config", "-c", "popkeep completion fish | source; complete -C '%s'" % line],
                                  capture_output=True, text=True, cwd=self.folder, env=self.shell_environment())
            self.assertEqual(done.stderr, "")
            return [entry.split("\t")[0] for entry in done.stdout.splitlines()]

        self.assertEqual(fish("popkeep ver"), ["verify"])
        self.assertEqual(fish("popkeep fetch "), ["home", "work"])
        self.assertEqual(fish("popkeep fetch --ca bo"), ["box.pem"])

    def test_zsh_completes_commands_accounts_and_files(self):
        for typed, wanted in (("popkeep verif\t", "popkeep verify"), ("popkeep fetch wo\t", "fetch work"),
                              ("popkeep fetch --ca bo\t", "--ca box.pem")):
            with self.subTest(typed):
                self.assertIn(wanted, self.type_into("zsh", typed, wanted))

    def name_accounts(self, *names):
        (self.home / "config" / "popkeep" / "popkeep.toml").write_text(
            "".join('[account."%s"]\nurl = "pop3s://me@pop.example.com"\n' % name for name in names))

    def test_every_shell_completes_a_name_with_an_at_sign(self):
        self.name_accounts("me@example.com", "me@example.org")
        for shell in SHELLS:
            with self.subTest(shell):
                self.assertIn("me@example.org", self.type_into(shell, "popkeep fetch me@example.o\t", "me@example.org"))

    def test_every_shell_quotes_a_name_with_a_blank(self):
        self.name_accounts("old mail")
        for shell in SHELLS:
            for typed in ("fetch ol", "fetch old\\ m", "verify ol"):
                with self.subTest(shell, typed=typed):
                    self.assertIn("old\\ mail", self.type_into(shell, "popkeep %s\t" % typed, "old\\ mail"))

    def test_every_shell_completes_a_name_in_quotes(self):
        self.name_accounts("old mail")
        for shell in SHELLS:
            with self.subTest(shell):
                self.assertIn("'old mail'", self.type_into(shell, "popkeep fetch 'old m\t", "'old mail'"))

    def type_into(self, shell, typed, wanted):
        words, prepare = SHELLS[shell]
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execve("/usr/bin/" + shell, [shell, *words], self.shell_environment())
        shown = b""

        def until(text):
            nonlocal shown
            end = time.monotonic() + 20
            while text not in shown and time.monotonic() < end:
                if select.select([terminal], [], [], 0.1)[0]:
                    shown += os.read(terminal, 65536)

        os.write(terminal, prepare)
        until(b"ready\r\n")
        until(b"> ")
        os.write(terminal, typed.encode())
        until(wanted.encode())
        os.write(terminal, b"\x15exit\n")
        os.close(terminal)
        os.waitpid(pid, 0)
        return shown.decode("utf-8", "replace")


if __name__ == "__main__":
    unittest.main()
