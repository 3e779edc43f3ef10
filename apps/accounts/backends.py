"""Sign-in by name and password, or by a one-time code."""

import unicodedata
from hmac import compare_digest

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import F, Model, QuerySet

from apps.core.fields import digest

from .models import TRIES, OneTimeCode, User
from .roles import ROLES


class ScopedBackend(ModelBackend):
    """Django's backend, fetching the user's places along."""

    def get_user(self, user_id: int) -> User | None:
        """Return the user with this id, as long as the account is open: asked at each request."""
        user = User.objects.filter(pk=user_id).first()
        if user is None:
            return None
        user.fetch_places()
        return user if user.is_open else None

    def get_all_permissions(self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None) -> set[str]:
        """Return what the account's roles may do, as the manifests say and `sync_roles` wrote to its groups."""
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        return {name for role in ROLES if role.key in user_obj.roles for name in role.permissions}

    def user_can_authenticate(self, account: AbstractBaseUser | AnonymousUser | None) -> bool:
        """Let the sign-in form say why an account is closed, once the password was right."""
        return True

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        # What one may do comes by the role alone; nobody has permissions of their own.
        return Permission.objects.none()


def bare_code(text: str) -> str:
    """Return a one-time code as it was made: without the hyphen and blanks, in small letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def code_digest(account: int, text: str) -> str:
    """Return what is kept of an account's one-time code."""
    return digest(f"code:{account}:{bare_code(text)}")


def matching_code(username: str, text: str) -> OneTimeCode | None:
    """Return the code of this account if it is `text`, whether it still holds or not; a wrong try is counted.

    The try is counted before it is compared, so that tries side by side are no more than allowed. An unknown account
    takes as long as a known one.
    """
    code = OneTimeCode.objects.filter(user__username=username).select_related("user").first()
    if code:
        code.user = User.objects.with_places().get(pk=code.user_id)
    counted = OneTimeCode.objects.filter(pk=code.pk if code else 0).waiting()
    allowed = counted.filter(wrong__lt=TRIES).update(wrong=F("wrong") + 1)
    found = compare_digest(code.digest if code else "0" * 64, code_digest(code.user_id if code else 0, text))
    if not (code and found):
        return None
    if allowed:
        OneTimeCode.objects.filter(pk=code.pk).update(wrong=F("wrong") - 1)
    return code
