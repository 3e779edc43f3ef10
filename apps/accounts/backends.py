"""Sign-in by name and password, with all that a user's scope is read from in the same query."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from .models import User


class ScopedBackend(ModelBackend):
    """Django's backend, fetching the user's place along."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user with this id."""
        user = User.objects.with_places().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        # What one may do comes by the role alone; nobody has permissions of their own.
        return Permission.objects.none()
