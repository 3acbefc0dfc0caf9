"""How often pages have been opened, as far as templates ask: read by the timer's rounds, never by a request."""

from collections import OrderedDict

MOST_KNOWN = 2_000  # pages whose views are remembered
MOST_ASKED = 500  # of them, those that one round reads


class Pages:
    def __init__(self):
        self.known = OrderedDict()  # path -> views, in the order of the reads
        self.asked = set()

    def ask(self, path):
        """The views of ``path`` at the last read of it, ``None`` for one not read yet. The next round reads it."""
        if len(self.asked) < MOST_ASKED:
            self.asked.add(path)
        return self.known.get(path)

    def wanted(self):
        """The paths that were asked for since the last time."""
        asked, self.asked = self.asked, set()
        return list(asked)

    def learn(self, views):
        for path, count in views.items():
            self.known[path] = count
            self.known.move_to_end(path)
        while len(self.known) > MOST_KNOWN:
            self.known.popitem(last=False)
