"""The site's settings, with a counter that writes every second: for tests of processes that end."""

from canglong_portal.settings import *  # noqa: F403

VISITORS_FLUSH_SECONDS = 1
