"""A list page beside the plain admin's changelist over the same rows."""

from django.contrib.auth import get_user_model
from django.test import Client

from bench.timing import median_seconds, queries


def run() -> None:
    """Print queries and median milliseconds of list pages, and the ratio to the admin's list of the same rows."""
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="office"), "apps.accounts.backends.ScopedBackend")
    for app, model in (("observations", "observation"), ("teachers", "teacher"), ("handbook", "handbookentry")):
        ours, admin = f"/{app}/{model}/?size=50", f"/admin/{app}/{model}/"
        seconds = {address: median_seconds(lambda a=address: client.get(a)) for address in (ours, admin)}
        count = {address: queries(lambda a=address: client.get(a)) for address in (ours, admin)}
        print(
            f"{ours}: {seconds[ours] * 1000:.0f} ms, {count[ours]} queries; "
            f"admin {seconds[admin] * 1000:.0f} ms, {count[admin]} queries; ratio {seconds[ours] / seconds[admin]:.2f}"
        )
