"""Whose word counts for an authorization server: oauth_ca."""

import subprocess
import unittest

from harness import certificates
from own_network import where_the_system_trusts
from signing_in import LoginCase


class Authorities(LoginCase):
    def folder_of(self, authority):
        """A folder of certificates, as OpenSSL wants it, that has this one."""
        folder = self.folder / "authorities"
        folder.mkdir()
        (folder / "ca-certificates.crt").write_bytes(authority.read_bytes())
        subprocess.run(["openssl", "rehash", folder], check=True)
        return folder

    def log_in_where_the_system_trusts(self, authority):
        self.authorization.device_life = 1
        words = self.command("login", "work", "--device")
        return subprocess.run([*where_the_system_trusts(self.folder_of(authority)), *words], env=self.environment,
                              cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def test_a_folder_may_be_named(self):
        self.configure_login(oauth_ca=self.folder_of(certificates().ca))
        self.sign_in()

    def test_beside_one_that_is_named_none_of_the_systems_is_trusted(self):
        self.configure_login(oauth_ca=certificates().cert("other-ca"))
        done = self.log_in_where_the_system_trusts(certificates().ca)
        self.assertEqual(done.returncode, 76, done.stderr)

    def test_where_none_is_named_the_systems_are_trusted(self):
        self.configure_login(oauth_ca=None)
        done = self.log_in_where_the_system_trusts(certificates().ca)
        self.assertIn("WDJB-0001", done.stdout, done.stderr)


if __name__ == "__main__":
    unittest.main()
