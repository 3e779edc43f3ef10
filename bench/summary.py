"""All figures of the township's summary."""

from apps.core.figures import chapters, count
from apps.core.periods import Period
from apps.schools.models import Township
from bench.timing import median_seconds, queries


def run() -> None:
    """Print queries and seconds of the figures of the first township's year 2025."""
    township, period = Township.objects.select_related("district").first(), Period.from_code("2025")
    tallies = [tally for chapter in chapters() for tally in chapter.tallies]

    def figures() -> object:
        return count(tallies, township.scope, period)

    print(f"figures: {len(tallies)} in {queries(figures)} queries, {median_seconds(figures):.3f} s")
