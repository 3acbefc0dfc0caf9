"""A link so slow that a browser draws a page while it comes."""

import contextlib
import http.server
import re
import threading
import time
import urllib.request

# In seconds:
FRAME = 0.02  # a little longer than a browser takes to draw
STYLES = 0.5  # what it waits for before it draws at all


class InPieces(http.server.BaseHTTPRequestHandler):
    """Hands on what ``upstream`` answers; a page element by element, beginning with those named by ``pieces``."""

    def do_GET(self):
        with urllib.request.urlopen(self.upstream + self.path) as answer:
            kind, body = answer.headers["Content-Type"], answer.read()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        first, *others = re.split(self.pieces, body) if kind.startswith("text/html") else [body]
        self.wfile.write(first)
        if others:
            time.sleep(STYLES)
        for piece in others:
            self.wfile.write(piece)
            time.sleep(FRAME)

    def log_message(self, *args):
        pass  # the test's output is no log of requests


@contextlib.contextmanager
def slow_link(upstream, pieces):
    """The address of a server that answers as ``upstream`` does, and begins a piece wherever ``pieces`` matches."""
    handler = type("Handler", (InPieces,), {"upstream": upstream, "pieces": pieces})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
