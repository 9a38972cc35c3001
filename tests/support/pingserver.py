"""A monitoring service: an HTTP server that writes down what it is asked, and answers as it is told to."""

import http.server
import threading
import time


class PingServer:
    """`answers`: by path, a status or a function of the request's handler; 200 for all else."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.seen = []  # (method, path, body)
        self.times = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                server.seen.append((self.command, self.path, body))
                server.times.append(time.monotonic())
                answer = server.answers.get(self.path, 200)
                if callable(answer):
                    answer = answer(self)
                if answer is None:
                    return
                self.send_response(answer)
                if 300 <= answer < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"OK")

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.http.server_address[1], path)

    def hang(self, handler):
        """An answer that doesn't come before the test is over."""
        self.stopping.wait(60)
        handler.close_connection = True

    def stop(self):
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()
