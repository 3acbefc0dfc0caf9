"""Work on every edition of a site that runs."""

PORTION = 50  # editions: whoever wants to write meanwhile waits for no more than these


def portions(editions):
    """``editions`` by number, in lists of ``PORTION``, each read when its turn comes."""
    numbers = list(editions.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(numbers), PORTION):
        yield list(editions.filter(pk__in=numbers[first : first + PORTION]))
