"""The one-time code that opens the first steps of an installation in which nobody can sign in yet."""

from typing import Self

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions import READABLE
from apps.accounts.models import User

# So often may somebody type it wrong; then the person at the machine has a new one printed.
TRIES = 10
GROUPS, GROUP = 3, 4


def nobody_yet() -> bool:
    """Return whether nobody has an account; one query."""
    return not User.objects.exists()


def plain(typed: str) -> str:
    """Return what was typed without what people put between the groups of a code."""
    return "".join(typed.lower().split()).replace("-", "")


class FirstCode(models.Model):
    """The code that holds now: its hash alone is kept. There is one at most; a new one makes the former void."""

    code_hash = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")

    def __str__(self) -> str:
        return str(self.created_at)

    @classmethod
    def issue(cls) -> str:
        """Return a new code, to be shown once, in place of any other."""
        code = "-".join(get_random_string(GROUP, READABLE) for _group in range(GROUPS))
        cls.objects.all().delete()
        cls.objects.create(code_hash=make_password(plain(code)))
        return code

    @classmethod
    def present(cls) -> Self | None:
        """Return the code that holds now."""
        return cls.objects.order_by("-pk").first()

    @property
    def is_spent(self) -> bool:
        """Return whether it was typed wrong too often."""
        return self.tries >= TRIES

    def opens(self, typed: str) -> bool:
        """Return whether it is this code that was typed; a wrong one counts. A spent one opens nothing."""
        # Counted before it is compared, so that nobody tries more often by trying at once.
        counted = type(self).objects.filter(pk=self.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
        if not counted or not check_password(plain(typed), self.code_hash):
            return False
        type(self).objects.filter(pk=self.pk).update(tries=F("tries") - 1)
        return True
