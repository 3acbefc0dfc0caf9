"""How often pages have been opened, as far as templates ask: read by the timer's rounds, never by a request.

The processes of one server know it together (shared.py): whoever answers shows the same number. One that is killed leaves
what it had not written in the number until the site starts again.
"""

from collections import OrderedDict

MOST_READ = 500  # pages that a round reads: those asked for last


class Pages:
    """Each page has two places, which follow from its path; the less read of two pages makes room for a third."""

    def __init__(self, words):
        self.words, self.sets = words, len(words) // 4
        self.asked = set()  # since the last round
        self.read = OrderedDict()

    def ask(self, path):
        """The views of ``path``, ``None`` until a round has read it. From the next one on it is read."""
        if len(self.asked) < MOST_READ:
            self.asked.add(path)
        place = self._place(path)
        return None if place is None else self.words[place + 1]

    def opened(self, path):
        if (place := self._place(path)) is not None:
            self.words[place + 1] += 1

    def wanted(self):
        """The paths for a round to read."""
        asked, self.asked = self.asked, set()
        for path in asked:
            self.read[path] = None
            self.read.move_to_end(path)
        while len(self.read) > MOST_READ:
            self.read.popitem(last=False)
        return list(self.read)

    def learn(self, views):
        """Take ``views`` (path to number) from the database. What is known is higher by what is not written yet."""
        for path, count in views.items():
            place = self._place(path)
            if place is None:
                self._settle(path, count)
            else:
                self.words[place + 1] = max(self.words[place + 1], count)

    def _settle(self, path, count):
        words, first = self.words, hash(path) % self.sets * 4
        place = min((first, first + 2), key=lambda place: words[place + 1] if words[place] else -1)
        words[place] = 0  # nobody takes the other page's number for this one's
        words[place + 1] = count
        words[place] = hash(path)

    def _place(self, path):
        number, words = hash(path), self.words
        place = number % self.sets * 4
        if words[place] == number:
            return place
        return place + 2 if words[place + 2] == number else None
