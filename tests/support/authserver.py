"""An OAuth 2.0 authorization server on loopback: authorization code with PKCE (RFC 7636), device flow
(RFC 8628), refreshing with rotation, and token introspection (RFC 7662) for Dovecot."""

import base64
import hashlib
import http.server
import json
import secrets
import threading
import time
import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Answer:
    """Given instead of the real one."""

    status: int = 200
    body: bytes = b"{}"
    delay: float = 0
    kind: str = "application/json"
    headers: dict = field(default_factory=dict)
    endless: bool = False
    missing: int = 0  # bytes of the body that are announced and never come


class AuthServer:
    """A context manager. Behaviour is attributes, which may change while it runs; `answers` maps a path to
    the answers that come before the real ones, one for each request."""

    def __init__(self, *, context=None, user="me@example.com"):
        self.user = user
        self.client_id, self.client_secret = "popkeep-test", None
        self.basic_only = False  # the secret is taken by HTTP Basic alone
        self.access_life, self.refresh_life, self.rotate = 3600, None, True
        self.interval, self.device_life, self.scope = 1, 60, None
        self.consent = True
        self.answers, self.requests = {}, []
        self.codes, self.access, self.refresh, self.devices = {}, {}, set(), {}
        self.issued = []  # every secret that was ever given out or taken
        self.guard = threading.Lock()
        handler = type("Handler", (_Handler,), {"owner": self})
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        if context:
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True)
        self.base = "%s://127.0.0.1:%d" % ("https" if context else "http", self.port)
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def url(self, path):
        return self.base + path

    def asked(self, path, **fields):
        """The forms that were sent to a path, those with the fields given."""
        return [form for where, form in self.requests
                if where == path and all(form.get(name) == value for name, value in fields.items())]

    def expire(self):
        """No access token is worth anything any more."""
        self.access.clear()

    def approve(self, user_code, denied=False):
        self.devices[user_code]["state"] = "denied" if denied else "approved"

    def new(self, kind):
        value = "%s-%s" % (kind, secrets.token_urlsafe(24))
        self.issued.append(value)
        return value

    # What the endpoints do: a status and an object, or a place to go to.

    def authorize(self, form):
        if form.get("client_id") != self.client_id or form.get("response_type") != "code":
            return 400, {"error": "invalid_request"}
        back = form["redirect_uri"]
        if not self.consent:
            answer = {"error": "access_denied", "error_description": "the user said no", "state": form["state"]}
        else:
            code = self.new("code")
            self.codes[code] = form
            answer = {"code": code, "state": form["state"]}
        return 302, back + ("&" if "?" in back else "?") + urllib.parse.urlencode(answer)

    def device(self, form):
        if form.get("client_id") != self.client_id:
            return 401, {"error": "invalid_client"}
        device, user = self.new("device"), "WDJB-%04d" % (len(self.devices) + 1)
        self.devices[user] = {"device": device, "state": "pending", "until": time.time() + self.device_life}
        return 200, {"device_code": device, "user_code": user, "verification_uri": self.url("/go"),
                     "expires_in": self.device_life, "interval": self.interval}

    def token(self, form):
        secret = form.get("basic" if self.basic_only else "client_secret")
        if form.get("client_id") != self.client_id or secret != self.client_secret:
            return 401, {"error": "invalid_client"}
        grant = {"authorization_code": self._by_code, "refresh_token": self._by_refresh,
                 "urn:ietf:params:oauth:grant-type:device_code": self._by_device}.get(form.get("grant_type"))
        if not grant:
            return 400, {"error": "unsupported_grant_type"}
        with self.guard:
            problem = grant(form)
            return (400, problem) if problem else (200, self._tokens(form))

    def _by_code(self, form):
        asked = self.codes.pop(form.get("code"), None)
        if not asked or form.get("redirect_uri") != asked["redirect_uri"]:
            return {"error": "invalid_grant", "error_description": "no such code"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("code_challenge_method") != "S256" or asked.get("code_challenge") != challenge:
            return {"error": "invalid_grant", "error_description": "PKCE"}
        return None

    def _by_refresh(self, form):
        if form.get("refresh_token") not in self.refresh:
            return {"error": "invalid_grant", "error_description": "AADSTS70008: expired " + form.get("refresh_token", "")}
        if self.rotate:
            self.refresh.discard(form["refresh_token"])
        return None

    def _by_device(self, form):
        for device in self.devices.values():
            if device["device"] == form.get("device_code"):
                if time.time() > device["until"]:
                    return {"error": "expired_token"}
                if device["state"] == "pending":
                    return {"error": "authorization_pending"}
                return {"error": "access_denied"} if device["state"] == "denied" else None
        return {"error": "invalid_grant"}

    def _tokens(self, form):
        access = self.new("access")
        self.access[access] = time.time() + self.access_life
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": self.access_life}
        if form["grant_type"] != "refresh_token" or self.rotate:
            answer["refresh_token"] = self.new("refresh")
            self.refresh.add(answer["refresh_token"])
        if self.refresh_life is not None:
            answer["refresh_token_expires_in"] = self.refresh_life
        if self.scope:
            answer["scope"] = self.scope
        return answer

    def introspect(self, form):
        if self.access.get(form.get("token"), 0) < time.time():
            return 200, {"active": False}
        return 200, {"active": True, "username": self.user, "scope": "pop"}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.serve(urllib.parse.urlsplit(self.path).query)

    def do_POST(self):
        self.serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def serve(self, text):
        path = urllib.parse.urlsplit(self.path).path
        form = dict(urllib.parse.parse_qsl(text))
        if path == "/introspect" and not form.get("token"):
            form["token"] = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.headers.get("Authorization", "").startswith("Basic "):
            name, _, secret = base64.b64decode(self.headers["Authorization"][6:]).decode().partition(":")
            form.update(client_id=urllib.parse.unquote(name), basic=urllib.parse.unquote(secret))
        self.owner.requests.append((path, form))
        planned = self.owner.answers.get(path)
        if planned:
            return self.give(planned.pop(0))
        act = {"/authorize": self.owner.authorize, "/token": self.owner.token, "/device": self.owner.device,
               "/introspect": self.owner.introspect}.get(path)
        status, what = act(form) if act else (404, {})
        if isinstance(what, str):
            return self.give(Answer(status, b"", headers={"Location": what}))
        self.give(Answer(status, json.dumps(what).encode()))

    def give(self, answer):
        time.sleep(answer.delay)
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not answer.endless:
                self.send_header("Content-Length", str(len(answer.body) + answer.missing))
            self.end_headers()
            self.wfile.write(answer.body)
            while answer.endless:
                self.wfile.write(b" " * 65536)
            self.close_connection = self.close_connection or answer.missing > 0
        except OSError:
            self.close_connection = True

    def log_message(self, *_):
        pass
