"""Reference data that every installation needs: the roles and what each may do."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.actions import sync_roles


class Command(BaseCommand):
    help = "Writes the roles and their permissions; does nothing where they are up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the roles up to date, without a word."""
        sync_roles()
