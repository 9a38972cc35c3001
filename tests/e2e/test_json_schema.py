"""The schema of --json, the page that describes it, and what every command really prints: the same."""

import json
import pathlib
import re
import unittest

import jsonschema

from harness import DELETING, Case, checker
from popserver import Behaviour, Rule, corpus

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "schema" / "json-1.schema.json").read_text())
PAGE = (ROOT / "man" / "popkeep-json.5").read_text()
LETTER = (b"From: Anna <anna@example.com>\r\nTo: me@example.com\r\nCc: bob@example.com\r\nSubject: Lunch\r\n"
          b"Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nAt noon?\r\n")


def kinds():
    """(command, type): the schema of such a line, for all that the schema describes."""
    return {(command, part["properties"]["type"]["const"]): part for command, entry in SCHEMA["$defs"].items()
            for part in entry.get("anyOf", ()) if "properties" in part}


def problems(command, line):
    where = "start" if line["type"] == "start" else command
    validator = jsonschema.Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": "#/$defs/" + where}]})
    yield from (error.message for error in validator.iter_errors(line))
    part = kinds().get((command, line["type"])) or SCHEMA["$defs"].get(line["type"], {})
    for key in set(line) - set(part.get("properties", ())):
        yield "%s %s: the schema knows no key %s" % (command, line["type"], key)


def examples():
    """The pairs (command, line) of the page; an example may be broken into several lines."""
    for section in re.split(r"^\.Ss ", PAGE, flags=re.MULTILINE)[1:]:
        command = section.split("\n")[0]
        for block in re.findall(r"^\.Bd -literal.*?\n(.*?)^\.Ed", section, re.MULTILINE | re.DOTALL):
            yield command, json.loads(block.replace("\\e", "\\").replace("\\(dq", '"'))


class Schema(Case):
    def lines(self, command, *words, code=0):
        result = self.run_program(command, *words, "--json")
        self.assert_exit(result, code)
        return [(command, json.loads(line)) for line in result.out.splitlines()]

    def everything(self):
        """What all commands print: at least one line of each kind."""
        server = self.serve([LETTER, *corpus.messages("nasty")], Behaviour(
            rules=(Rule("RETR", message=2, reply=b"-ERR Can't get the letter\r\n"),)))
        seen = self.lines(*self.fetch_words(server, *DELETING, "--dry-run"))
        seen += self.lines(*self.fetch_words(server, *DELETING), code=75)
        seen += self.lines("check", self.url(server), "--tls", "off", "--password-file", self.password, "--to", self.archive,
                           "--timeout", 5)
        seen += self.lines("check", self.url(self.serve(tls="implicit")), "--password-file", self.password, code=76)
        seen += self.lines("status", self.archive)
        portions = self.serve([LETTER], Behaviour(hide_retrieved=True))
        other = self.folder / "portions"
        self.assert_exit(self.run_program("init", other), 0)
        seen += self.lines(*self.fetch_words(portions, "--drain", to=other))
        self.password.write_text("wrong\n")
        seen += self.lines(*self.fetch_words(server), code=77)
        self.password.write_text("secret pass\n")
        server.behaviour = Behaviour()
        config = self.folder / "popkeep.toml"
        config.write_text('[account."%s"]\nurl = "%s"\narchive = "archive"\ntls = "off"\npassword_file = "password"\n' %
                          ("me@example.com@127.0.0.1", self.url(server)))
        seen += self.lines("config", "--config", config)
        checker.let_time_pass(self.archive)
        self.assert_exit(self.fetch(server), 0)
        seen += self.lines("status", self.archive)
        seen += self.lines("list", self.archive)
        seen += self.lines("show", self.archive, "1")
        seen += self.lines("deletions", self.archive)
        seen += self.lines("export", self.archive, "--to", self.folder / "files")
        seen += self.lines("verify", self.archive)
        seen += self.lines("verify", "me@example.com@127.0.0.1", "--config", config, "--server")
        (mbox,) = self.archive.glob("*.mbox")
        mbox.write_bytes(mbox.read_bytes()[:-1] + b"x\n")
        seen += self.lines("verify", self.archive, code=65)
        seen += self.lines("repair", self.archive, "--dry-run", "--refetch")
        seen += self.lines("init", self.folder / "other")
        text = config.read_text().replace('"archive"', '"other"')
        config.write_text(text + re.sub(r"\[account.*\]", '[account.second]\nid = "second"', text))
        seen += self.lines("fetch", "--config", config)
        seen += self.lines("status", "--config", config)
        return seen

    def test_all_three_agree(self):
        seen = self.everything()
        for command, line in seen:
            with self.subTest("the schema describes what is printed", command=command, type=line["type"]):
                self.assertEqual(list(problems(command, line)), [], line)
        printed = {}
        for command, line in seen:
            printed.setdefault((command, line["type"]), []).append(list(line))
        with self.subTest("all that the schema describes is printed"):
            self.assertEqual(sorted(set(kinds()) - set(printed)), [])
        for kind, part in kinds().items():
            with self.subTest("every key that may be there is, somewhere", kind=kind):
                known = {key for keys in printed.get(kind, ()) for key in keys}
                self.assertEqual(sorted(set(part["properties"]) - known), [])
        for command, line in examples():
            with self.subTest("an example of the page is like what is printed", command=command, type=line["type"]):
                self.assertEqual(list(problems(command, line)), [])
                self.assertIn(list(line), printed[command, line["type"]])
        with self.subTest("the page has an example of every kind"):
            self.assertEqual(sorted(set(kinds()) - {(command, line["type"]) for command, line in examples()}), [])

    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_every_command_with_json_is_in_the_schema(self):
        overview = self.run_program("help").out.split("\nCommands:\n")[1].split("\n\n")[0]
        for command in re.findall(r"^  (\w+) ", overview, re.MULTILINE):
            if "  --json\n" in self.run_program("help", command).out:
                self.assertIn(command, SCHEMA["$defs"])

    def test_a_mistake_would_be_found(self):
        good = {"type": "archive", "path": "/a", "founded": True, "adopted": 0}
        self.assertEqual(list(problems("init", good)), [])
        for bad in ({**good, "founded": "yes"}, {**good, "more": 1}, {"type": "archive", "path": "/a"}, {"type": "new"}):
            self.assertNotEqual(list(problems("init", bad)), [], bad)


if __name__ == "__main__":
    unittest.main()
