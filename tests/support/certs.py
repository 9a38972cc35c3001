"""Makes a certificate authority and good and bad server certificates with openssl."""

import pathlib
import ssl
import subprocess
import time
import warnings

KINDS = ("good", "expired", "not-yet-valid", "wrong-host", "self-signed", "unknown-ca", "ending")
LOOPBACK = "subjectAltName=DNS:localhost,DNS:pop.example.com,IP:127.0.0.1,IP:::1"
ELSEWHERE = "subjectAltName=DNS:elsewhere.example.net,IP:192.0.2.1"


def openssl(*words):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("openssl %s: %s" % (words[0], done.stderr))


def key(path):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)


def _in_days(days):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 86400 * days))


class Certificates:
    """In `folder`: ca.pem, and KIND.pem with KIND.key for every kind, and for "client", who is me@example.com.
    They are valid for `days`."""

    def __init__(self, folder, days=30):
        self.folder = pathlib.Path(folder)
        self.days = str(days)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca = self.folder / "ca.pem"
        self._authority("ca")
        self._authority("other-ca")
        self._signed("good", "ca", LOOPBACK)
        self._signed("wrong-host", "ca", ELSEWHERE)
        self._signed("expired", "ca", LOOPBACK, times=("20200101000000Z", "20200201000000Z"))
        self._signed("not-yet-valid", "ca", LOOPBACK, times=("20900101000000Z", "20910101000000Z"))
        self._signed("ending", "ca", LOOPBACK, times=(_in_days(-80), _in_days(6)))
        self._signed("unknown-ca", "other-ca", LOOPBACK)
        self._signed("client", "ca", "subjectAltName=email:me@example.com", usage="clientAuth", name="me@example.com")
        key(self.folder / "self-signed.key")
        openssl("req", "-new", "-x509", "-key", self.key("self-signed"), "-subj", "/CN=localhost", "-days", self.days,
                "-addext", LOOPBACK, "-out", self.cert("self-signed"))

    def issue(self, kind, start, end):
        """One more good certificate, valid from `start` ("20200101000000Z") to `end`."""
        self._signed(kind, "ca", LOOPBACK, times=(start, end))

    def cert(self, kind):
        return self.folder / (kind + ".pem")

    def key(self, kind):
        return self.folder / (kind + ".key")

    def context(self, kind="good"):
        """A server's; "old-tls" is a good certificate with TLS 1.1 at best."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "old-tls":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            # Today's default security level has no cipher for it.
            context.set_ciphers("ALL:@SECLEVEL=0")
            kind = "good"
        context.load_cert_chain(self.cert(kind), self.key(kind))
        return context

    def _authority(self, name):
        key(self.key(name))
        openssl("req", "-new", "-x509", "-key", self.key(name), "-subj", "/CN=popkeep test " + name, "-days", self.days,
                "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", self.cert(name))

    def _signed(self, kind, authority, names, times=None, usage="serverAuth", name=None):
        request, extensions = self.folder / (kind + ".csr"), self.folder / (kind + ".ext")
        key(self.key(kind))
        extensions.write_text("%s\nextendedKeyUsage=%s\n" % (names, usage))
        openssl("req", "-new", "-key", self.key(kind), "-subj", "/CN=" + (name or kind), "-out", request)
        if times:
            return self._signed_for(times, kind, authority, request, extensions)
        openssl("x509", "-req", "-in", request, "-CA", self.cert(authority), "-CAkey", self.key(authority),
                "-days", self.days, "-extfile", extensions, "-out", self.cert(kind))

    def _signed_for(self, times, kind, authority, request, extensions):
        # `openssl x509` has no start date; `openssl ca` has, but wants a database.
        (self.folder / "index.txt").write_text("")
        (self.folder / "serial").write_text("01\n")
        config = self.folder / "ca.cnf"
        config.write_text("[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\n"
                          "policy=p\n[p]\ncommonName=supplied\n"
                          % (self.folder / "index.txt", self.folder / "serial", self.folder))
        openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.cert(authority),
                "-keyfile", self.key(authority), "-in", request, "-extfile", extensions,
                "-startdate", times[0], "-enddate", times[1], "-out", self.cert(kind))


if __name__ == "__main__":
    import sys

    Certificates(sys.argv[1])
    print("\n".join(KINDS))
