"""Help, manual pages and subjects: one text in several places, and hints for what was mistyped."""

import json
import pathlib
import re
import subprocess
import unittest

from harness import PROGRAM, Case

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "man"
PAGES = pathlib.Path(PROGRAM).parents[1] / "man"
SUBJECTS = {"configuration": "popkeep.toml.5", "recipes": "popkeep-recipes.7", "providers": "popkeep-providers.7",
            "monitoring": "popkeep-monitoring.7",
            "errors": "popkeep-errors.7", "recovery": "popkeep-recovery.7", "archive": "popkeep-archive.5", "json": "popkeep-json.5"}


def words(text):
    """Without what typography and line ends make of it."""
    for old, new in (("…", "..."), ("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("`", "'"), ("−", "-")):
        text = text.replace(old, new)
    return re.sub(r"\s+", " ", text.replace("'", ""))


def rendered(page):
    done = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000", page], capture_output=True, check=True)
    return words(re.sub(".\b", "", done.stdout.decode()))


class Help(Case):
    founded = False

    def help(self, *subject):
        result = self.run_program("help", *subject)
        self.assert_exit(result, 0)
        return result.out

    def names(self, title):
        section = self.help().split("\n%s:\n" % title)[1].split("\n\n")[0]
        return [line.split()[0] for line in section.splitlines() if re.match(r"  \S", line)]

    def commands(self):
        found = [name for name in self.names("Commands") if name != "help"]
        self.assertIn("fetch", found)
        return found

    def entries(self, command):
        """The parts of a command's help: argument and options with what they mean, examples, exit codes."""
        text = self.help(command)
        head, options, exits = re.fullmatch(r"(.*?\n)((?:\n[^\n]+:\n.*?)?)\nExit codes:\n(.*)\n\n`man [^\n]*\n", text,
                                            re.DOTALL).groups()
        examples, usage, description = re.fullmatch(r"(.*?)\nUsage: (.*?)\n\n(.*)", head, re.DOTALL).groups()
        yield from re.findall(r"^  (\S.*)$", examples, re.MULTILINE)
        yield from re.findall(r"(?:^ {6}.*\n?)+", examples, re.MULTILINE)
        yield from re.split(r"\n\n|\n(?= {6})", description)
        yield from re.findall(r"^  -.*\n(?: {6}.*\n)+", options, re.MULTILINE)
        yield from re.findall(r"^ {1,3}\d+  .*(?:\n {6}.*)*", exits, re.MULTILINE)

    def test_every_command_has_its_page_and_every_page_its_command(self):
        pages = {page.name[len("popkeep-"):-2] for page in PAGES.glob("popkeep-*.1")}
        self.assertEqual(sorted(self.commands()), sorted(pages))

    def test_all_that_a_commands_help_says_stands_in_its_page(self):
        for command in self.commands():
            page = rendered(PAGES / ("popkeep-%s.1" % command))
            entries = list(self.entries(command))
            self.assertGreater(len(entries), 4)
            for entry in entries:
                with self.subTest(command=command, entry=entry):
                    self.assertIn(words(re.sub(r"^(  -h, --help)\n.*", r"\1", entry)).strip(), page)

    def test_no_page_describes_an_option_that_the_help_does_not_have(self):
        for command in self.commands():
            text = self.help(command)
            page = (PAGES / ("popkeep-%s.1" % command)).read_text()
            for name in re.findall(r"^\.It.* Fl \\-([\w-]+)", page, re.MULTILINE):
                self.assertIn("--" + name, text, command)

    def test_every_exit_code_of_a_command_stands_in_the_table(self):
        table = set(re.findall(r"\b\d+\b", " ".join(re.findall(r"^\.It ([\d ,]+)$", (SOURCES / "popkeep.1").read_text(),
                                                               re.MULTILINE))))
        for command in self.commands():
            exits = self.help(command).split("\nExit codes:\n")[1]
            self.assertLessEqual(set(re.findall(r"^ +(\d+)  ", exits, re.MULTILINE)), table, command)

    def test_defaults_are_what_the_help_says(self):
        path = self.folder / "popkeep.toml"
        path.write_text('[account.a]\nurl = "pop3s://me@pop.example.com"\n')
        lines = self.run_program("config", "--config", path, "--json").out.splitlines()
        account = {**json.loads(lines[1]), **json.loads(lines[2])}
        told = {}
        for name, text in re.findall(r"^  .*--([\w-]+) .*\n((?: {6}.*\n)+)", self.help("fetch"), re.MULTILINE):
            default = re.search(r"(\S+) is the default", words(text)) or re.search(r"(\S+) \(default\)", words(text))
            if default:
                told[name] = default.group(1)
        self.assertLessEqual({"auth", "delete", "file", "tls", "pipelining", "jobs", "per-host"}, set(told))
        for name, default in told.items():
            value = account[name.replace("-", "_")]
            with self.subTest(name):
                self.assertEqual("on" if value is True else "off" if value is False else str(value), default)

    def test_every_key_of_the_configuration_has_its_option_and_stands_in_its_page(self):
        path = self.folder / "popkeep.toml"
        path.write_text('[account.a]\nurl = "pop3s://me@pop.example.com"\n')
        lines = self.run_program("config", "--config", path, "--json").out.splitlines()
        account = {**json.loads(lines[1]), **json.loads(lines[2])}
        page = self.plain("popkeep.toml.5")
        # Where these come from; their keys end in _command and _file.
        for key in set(account) - {"type", "name", "proxy_password", "oauth_client_secret"}:
            with self.subTest(key):
                self.assertRegex(page, r"\b%s\b" % key)
                if key not in ("url", "enabled", "password"):
                    self.assertRegex(self.help("fetch"), r"--%s\b" % key.replace("_", "-"))

    def configurations(self):
        """The popkeep.toml that pages show, as their readers see it."""
        for page in sorted(SOURCES.iterdir()):
            for block in re.findall(r"^\.Bd -literal.*\n((?:.*\n)*?)\.Ed$", page.read_text(), re.MULTILINE):
                if not re.search(r"^\[(account\.|defaults\])", block, re.MULTILINE):
                    continue
                text = ".Dd x\n.Dt X 1\n.Os\n.Bd -literal\n# begin\n%s# end\n.Ed\n" % block
                done = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=1000"], input=text.encode(),
                                      capture_output=True, check=True)
                yield page.name, re.sub(".\b", "", done.stdout.decode()).split("# begin\n")[1].split("# end")[0]

    def test_every_configuration_that_a_page_shows_is_as_it_should_be(self):
        pages = set()
        for page, text in self.configurations():
            path = self.folder / "popkeep.toml"
            path.write_text(text)
            path.chmod(0o600)
            with self.subTest(page, text=text):
                result = self.run_program("config", "--config", path)
                self.assert_exit(result, 0)
                for name in re.findall(r"^\[account\.\"?([^]\"]+)", text, re.MULTILINE):
                    self.assertIn(name, result.out)
            pages.add(page)
        self.assertLessEqual({"popkeep.toml.5", "popkeep-monitoring.7", "popkeep-recipes.7"}, pages)

    def test_examples_come_first(self):
        for command in self.commands():
            self.assertTrue(self.help(command).startswith("  popkeep %s" % command) or command == "completion")

    def test_the_words_and_the_flag_show_the_same(self):
        self.assertIn("Usage: ", self.help("verify"))
        self.assertEqual(self.help("verify"), self.run_program("verify", "--help").out)

    def test_subjects_are_the_texts_of_pages(self):
        for subject, page in SUBJECTS.items():
            with self.subTest(subject):
                text = words(self.help(subject)).strip()
                self.assertTrue(text.startswith("NAME"))
                self.assertIn("SEE ALSO", text)
                self.assertIn(text, self.plain(page))

    def plain(self, page):
        done = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=78", SOURCES / page], capture_output=True, check=True)
        return words(re.sub(".\b", "", done.stdout.decode()))

    def test_exit_codes_are_a_subject(self):
        text = self.help("exit-codes")
        self.assertIn("EXIT STATUS", text)
        self.assertIn("130, 143", text)
        self.assertNotIn("SEE ALSO", text)

    def test_every_subject_that_is_listed_has_a_text(self):
        for subject in self.names("Subjects"):
            self.assertGreater(len(self.help(subject)), 500, subject)


class Hints(Case):
    founded = False

    def hint(self, *typed):
        result = self.run_program(*typed)
        self.assert_exit(result, 64)
        return result.err

    def test_a_mistyped_command(self):
        self.assertIn("did you mean `popkeep verify`?", self.hint("verfiy"))

    def test_a_mistyped_option(self):
        self.assertIn("did you mean --dry-run?", self.hint("fetch", "--dryrun"))

    def test_a_mistyped_subject(self):
        self.assertIn("did you mean `popkeep help exit-codes`?", self.hint("help", "exit-code"))

    def test_a_command_that_is_like_no_other(self):
        self.assertIn("`popkeep help` lists them", self.hint("xylophone"))

    def test_an_option_before_the_command(self):
        self.assertIn("options come behind the command", self.hint("--json", "fetch"))


if __name__ == "__main__":
    unittest.main()
