"""How the site is served: two workers on loopback. `make run` and a server's service use the same file."""

from django.conf import settings

import canglong_portal.wsgi  # noqa: F401 (before a setting is read: it says in one line which is wrong)

bind = f"127.0.0.1:{settings.PORT}"
workers = 2
worker_class = "gthread"
threads = 4
preload_app = True  # the workers share visitors/shared.py (docs/decisions/0004-workers-share-memory.md)
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_field_size = 16_380  # an agent of 8 kB is a reader's (visitors/identity.py)
limit_request_line = 0  # a long query is answered by the site, in words; nginx limits what comes from outside
control_socket_disable = True  # no file that keeps a name is written outside DATA_DIR
loglevel = "warning"


def when_ready(server):
    print(f"Serving http://{bind} (Ctrl-C stops)", flush=True)
