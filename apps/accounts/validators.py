"""What no password may be, beyond Django's own validators."""

import re
from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The site's names: whoever has seen its sign-in page tries them.
SITE = ("townedu", "校本研修", "xiaobenyanxiu", "password")


class LongEnough(MinimumLengthValidator):
    """Django's own, in words that are there in Chinese as well."""

    def get_error_message(self) -> str:
        """Return what is said of a short password."""
        return _("The password is too short: at least %(number)d characters.") % {"number": self.min_length}

    def get_help_text(self) -> str:
        """Return what is told before a password is chosen."""
        return _("At least %(number)d characters.") % {"number": self.min_length}


class NotOwnName(UserAttributeSimilarityValidator):
    """Django's own, in words that an office would use."""

    def get_error_message(self) -> str:
        """Return what is said of a password that is like the name."""
        return _("The password is too much like the name, the user name or the e-mail address.")

    def get_help_text(self) -> str:
        """Return what is told before a password is chosen."""
        return _("Not like the name, the user name or the e-mail address.")


class NotCommon(CommonPasswordValidator):
    """Django's own, in words that an office would use."""

    def get_error_message(self) -> str:
        """Return what is said of a password from the list of common ones."""
        return _("Too many people use this password; it is tried first.")

    def get_help_text(self) -> str:
        """Return what is told before a password is chosen."""
        return _("None of those that many people use.")


class NotGuessed:
    """Refuses a phone number or a date however it is written, and the site's name with digits behind it."""

    def validate(self, password: str, account: Any = None) -> None:
        """Raise ValidationError if nothing is left of `password` without digits, signs and the site's names."""
        left = re.sub(r"[\W\d_年月日号]", "", password.lower())
        if not left:
            raise ValidationError(_("A password of digits alone is guessed: a phone number, a date."), "only_digits")
        for name in SITE:
            left = left.replace(name, "")
        if not left:
            raise ValidationError(_("This password is the site's name, which everybody tries first."), "site_name")

    def get_help_text(self) -> str:
        """Return what is told before a password is chosen."""
        return _("No phone number, no date, and not the site's name.")
