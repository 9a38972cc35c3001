"""popkeep.toml: accounts by name, and mistakes told with their place."""

import json
import re
import unittest

from harness import USER, Case


class Configuration(Case):
    def write(self, text, mode=0o600):
        path = self.folder / "popkeep.toml"
        path.write_text(text)
        path.chmod(mode)
        return path

    def account(self, server, name="old", **keys):
        keys = {"url": self.url(server), "archive": "archive", "password_file": "password", "tls": "off", **keys}
        return "[account.%s]\n" % name + "".join('%s = "%s"\n' % pair for pair in keys.items())

    def test_a_named_account_is_fetched(self):
        server = self.serve()
        path = self.write(self.account(server))
        self.assert_exit(self.run_program("fetch", "old", "--config", path), 0)
        self.assert_archived(server.maildrop)

    def test_relative_paths_count_from_the_file(self):
        server = self.serve()
        path = self.write(self.account(server))
        self.assert_exit(self.run_program("fetch", "old", "--config", path), 0)
        self.assertTrue((self.folder / "archive" / "old.mbox").exists())

    def test_without_a_name_all_accounts_are_fetched(self):
        one, two = self.serve(), self.serve([b"A: b\r\n\r\nother\r\n"])
        path = self.write(self.account(one, "one", id="one") + self.account(two, "two", id="two"))
        self.assert_exit(self.run_program("fetch", "--config", path), 0)
        self.assertEqual((one.log.connections(), two.log.connections()), (1, 1))

    def test_an_account_that_is_not_enabled_is_left_out(self):
        one, two = self.serve(), self.serve()
        path = self.write(self.account(one, "one", id="one") + self.account(two, "two", id="two") + "enabled = false\n")
        self.assert_exit(self.run_program("fetch", "--config", path), 0)
        self.assertEqual(two.log.connections(), 0)

    def test_one_failing_account_does_not_stop_the_others(self):
        bad, good = self.serve(), self.serve()
        bad.users = {USER: "something else"}
        path = self.write(self.account(bad, "bad", id="bad") + self.account(good, "good", id="good"))
        self.assert_exit(self.run_program("fetch", "--config", path), 77)
        self.assert_archived(good.maildrop)

    def test_the_file_is_found_in_the_home(self):
        server = self.serve()
        folder = self.home / "config" / "popkeep"
        folder.mkdir(parents=True)
        (folder / "popkeep.toml").write_text(self.account(server, archive=self.archive, password_file=self.password))
        self.assert_exit(self.run_program("fetch"), 0)
        self.assert_archived(server.maildrop)

    def test_an_unknown_key_is_78_with_line_column_and_a_suggestion(self):
        path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\narchiv = "x"\n')
        result = self.run_program("fetch", "--config", path)
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:3:1", result.err)
        self.assertIn("archive", result.err)

    def test_a_bad_value_is_78_and_says_what_is_allowed(self):
        path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\narchive = "x"\ndelete = "sometimes"\n')
        result = self.run_program("fetch", "--config", path)
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:4:", result.err)
        self.assertIn("fetched", result.err)

    def test_broken_toml_is_78_with_its_line(self):
        path = self.write('[account.old]\nurl = "unended\n')
        result = self.run_program("fetch", "--config", path)
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:2:", result.err)

    def test_a_file_with_a_password_that_others_can_read_is_refused(self):
        server = self.serve()
        text = self.account(server).replace('password_file = "password"', 'password = "secret pass"')
        path = self.write(text, 0o644)
        result = self.run_program("fetch", "--config", path)
        self.assert_exit(result, 78)
        self.assertNotIn("secret pass", result.err)
        self.assertEqual(server.log.connections(), 0)

    def test_a_secret_for_all_accounts_that_others_can_read_is_refused_though_none_uses_it(self):
        defaults = '[defaults]\noauth_client_secret = "s3cret"\n'
        for accounts in ("", '[account.a]\nurl = "pop3s://me@pop.example.com"\noauth_client_id = "x"\n'
                             'oauth_client_secret_file = "s"\n'):
            with self.subTest(accounts):
                self.assert_exit(self.run_program("config", "--config", self.write(defaults + accounts, 0o644)), 78)
                self.assert_exit(self.run_program("config", "--config", self.write(defaults + accounts)), 0)

    def test_a_file_with_a_password_for_the_owner_alone_works(self):
        server = self.serve()
        text = self.account(server).replace('password_file = "password"', 'password = "secret pass"')
        self.assert_exit(self.run_program("fetch", "--config", self.write(text)), 0)
        self.assert_archived(server.maildrop)

    def test_no_mistake_in_the_syntax_shows_a_secret_that_stands_in_its_line(self):
        for text in ('[account.home] password = "s3cret"', '[account.home]; password="s3cret"',
                     '[account."home"] oauth_client_secret = "s3cret"', '[account.home password "s3cret"',
                     '[account.a]\nuser = "u", ping_url = "https://hc-ping.com/s3cret"',
                     '[account.a]\narchive = "~/Mail" token_command = "echo s3cret"',
                     '[account.a]\npassword_command = [\n["echo", "s3cret" x',
                     '[account.a]\npassword_command = [\n[s3cret "a"\n',
                     '[account.a]\nlimit = 1 Password "s3cret"', '[account.a]\ndelete = never Password s3cret',
                     '[account.a]\nproxy = "https://h/s3cret"'):
            with self.subTest(text=text):
                result = self.run_program("config", "--config", self.write(text))
                self.assert_exit(result, 78)
                self.assertNotIn("s3cret", result.out + result.err)

    def test_a_mistake_in_a_header_shows_it(self):
        for header in ("[account.a", "[account.a]\n[account.a]", '[account."a b"]\n[account."a b"]'):
            with self.subTest(header=header):
                result = self.run_program("config", "--config", self.write(header + "\n"))
                self.assertIn("| %s\n" % header.split("\n")[-1], result.err)

    def test_config_prints_what_was_understood_without_network_and_password(self):
        server = self.serve()
        text = self.account(server).replace('password_file = "password"', 'password = "secret pass"')
        result = self.run_program("config", "--config", self.write(text))
        self.assert_exit(result, 0)
        self.assertIn("127.0.0.1", result.out)
        self.assertNotIn("secret pass", result.out + result.err)
        self.assertEqual(server.log.connections(), 0)

    def test_two_ways_to_the_server_are_78_with_their_account(self):
        for ways in ('proxy = "http://p:1"\nsocket = "/s"', 'tunnel = "nc h 110"\nsocket = "/s"'):
            with self.subTest(ways):
                path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\n%s\n' % ways)
                result = self.run_program("config", "--config", path)
                self.assert_exit(result, 78)
                self.assertIn("popkeep.toml:1:10: [account.old] has two ways to the server", result.err)

    def test_a_password_for_a_proxy_without_a_user_is_78_with_its_account(self):
        path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\nproxy = "http://p:1"\n'
                          'proxy_password_file = "password"\n')
        result = self.run_program("config", "--config", path)
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:1:10: [account.old] has a password for the proxy, but no user name", result.err)

    def test_an_account_whose_mbox_would_be_a_lock_of_another_is_78_with_its_line(self):
        for name, file in (("x.lock", "{account}"), ("x.lo", "{account}ck"), ("x.lock", "{account}/%Y.mbox")):
            path = self.write('[account."%s"]\nurl = "pop3s://me@pop.example.com"\nfile = "%s"\n' % (name, file))
            with self.subTest(name=name, file=file):
                result = self.run_program("config", "--config", path)
                self.assert_exit(result, 78)
                self.assertIn("popkeep.toml:1:", result.err)
                self.assertIn("names in .lock are for the locks of mail programs", result.err)

    def test_an_account_whose_mbox_would_have_too_long_a_name_is_78_with_its_line(self):
        text = '[account.%s]\nurl = "pop3s://me@pop.example.com"\nfile = "{account}-{account}.mbox"\n' % ("x" * 150)
        result = self.run_program("config", "--config", self.write(text))
        self.assert_exit(result, 78)
        self.assertIn("popkeep.toml:1:", result.err)
        self.assertIn("longer than", result.err)

    def test_a_url_whose_mbox_would_be_a_lock_is_64_before_anything_is_asked(self):
        result = self.run_program("fetch", "pop3s://me@pop.lock", "--to", self.archive, "--file", "{account}",
                                  "--password-file", self.password)
        self.assert_exit(result, 64)
        self.assertIn("names in .lock are for the locks of mail programs", result.err)

    def test_config_says_where_each_secret_comes_from_and_shows_none(self):
        account = '[account.old]\nurl = "pop3s://me@pop.example.com"\npassword = "s3cret"\n'
        for proxy, client, shown in (
                ("", "", (None, None)),
                ('proxy = "http://me@p:1"\nproxy_password_file = "p"\n', 'oauth_client_secret = "s3cret"\n',
                 ("file", "text")),
                ('proxy = "http://me@p:1"\nproxy_password_command = "echo s3cret"\n',
                 'oauth_client_secret_command = ["echo", "s3cret"]\n', ("command", "command"))):
            with self.subTest(shown):
                result = self.run_program("config", "--json", "--config", self.write(account + proxy + client))
                self.assert_exit(result, 0)
                told = json.loads(result.out.splitlines()[1])
                self.assertEqual((told["proxy_password"], told["oauth_client_secret"]), shown)
                self.assertNotIn("s3cret", result.out)

    def test_config_tells_people_where_each_secret_comes_from(self):
        result = self.run_program("config", "--config", self.write(
            '[account.old]\nurl = "pop3s://me@pop.example.com"\nproxy = "http://me@p:1"\nproxy_password_file = "/p"\n'
            'oauth_client_secret = "s3cret"\n'))
        self.assertRegex(result.out, r"proxy_password +first line of /p\n")
        self.assertRegex(result.out, r"oauth_client_secret +\*+\n")

    def test_config_shows_programs_no_command_that_may_have_a_secret_in_it(self):
        for key in ("after_fetch", "password_command", "token_command", "tunnel"):
            with self.subTest(key):
                path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\n%s = "curl h/s3cret"\n' % key)
                self.assertNotIn("s3cret", self.run_program("config", "--json", "--config", path).out)

    def test_config_shows_each_default(self):
        path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\n')
        result = self.run_program("config", "--config", path)
        for key, value in (("tls", "on"), ("tls_min", "1.2"), ("ip_version", "any"), ("pipelining", "on")):
            with self.subTest(key):
                self.assertRegex(result.out, r"(?m)^  %s +%s$" % (key, re.escape(value)))

    def test_config_names_all_the_places_where_a_password_is_looked_for(self):
        path = self.write('[account.old]\nurl = "pop3s://me@pop.example.com"\n')
        result = self.run_program("config", "--config", path)
        self.assertIn("netrc, the keyring, or asked for", " ".join(result.out.split()))

    def test_an_unknown_account_suggests_the_nearest(self):
        path = self.write(self.account(self.serve(), "work"))
        result = self.run_program("fetch", "wrok", "--config", path)
        self.assert_exit(result, 64)
        self.assertIn("work", result.err)


if __name__ == "__main__":
    unittest.main()
