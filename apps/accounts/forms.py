from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import DASH, RecordForm

from .backends import matching_code
from .models import BESIDE_TEACHER, PLACES, ROLE_OF_PLACE, OneTimeCode, User
from .roles import ROLES
from .rules import is_own

USERNAME_HELP = _("For signing in: letters, digits, and the signs @ . - _.")


class UserForm(RecordForm):
    """An account, its role and its places: that of the role, and a teacher besides for a head or for the office."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", DASH), *((role.key, role.name) for role in ROLES)])

    class Meta(RecordForm.Meta):
        model = User
        fields = ["username", "name", "role", "township", "school", "teacher", "researcher", "email", "is_active"]
        labels = {"name": _("Name"), "email": _("E-mail")}
        help_texts = {
            "username": USERNAME_HELP,
            "is_active": _("Without the tick nobody signs in with it; what was recorded stays."),
            "teacher": _("Also for a head or somebody of the office who is on the roster: one account does for both."),
            "email": _("May stay empty. A forgotten password is renewed by it where the site sends mail."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own(self.user, self.instance):
            del self.fields["role"]
        elif self.instance.pk and self.instance.roles:
            self.fields["role"].initial = self.instance.roles[0]

    def clean(self) -> dict[str, Any]:
        """Check that the place fits the role; the own ones stay as they are."""
        data = super().clean() or {}
        role = data.get("role")
        if "role" not in self.fields or not role:
            return data
        wanted = [place for place, key in ROLE_OF_PLACE.items() if key == role]
        wanted.sort(key=lambda place: place not in self.fields)
        besides = {"teacher"} if set(wanted) & set(BESIDE_TEACHER) else set()
        for place in set(PLACES) - set(wanted) - besides:
            # Only the place of the role counts; the office's own township is not a principal's.
            data[place] = None
            setattr(self.instance, place, None)
        if not any(data.get(place) or getattr(self.instance, f"{place}_id") for place in wanted):
            field = wanted[0] if wanted[0] in self.fields else None
            self.add_error(field, _("Say for which place this role is."))
        return data


class SignInForm(auth_forms.AuthenticationForm):
    """User name, and the password or a one-time code; `code` is the code that was typed, if it was one."""

    code: OneTimeCode | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password or one-time code")

    def clean(self) -> dict[str, Any]:
        """Look for a code first; what is none must be the password."""
        username, typed = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username and typed:
            code = matching_code(username, typed)
            if code:
                self.confirm_login_allowed(code.user)
                if code.refusal:
                    raise ValidationError(code.refusal, "void")
                self.code = code
                return self.cleaned_data
        return super().clean()

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Raise ValidationError with the reason why an account is closed."""
        if isinstance(user, User) and user.refusal:
            raise ValidationError(user.refusal, "inactive")


class FirstPasswordForm(auth_forms.SetPasswordForm):  # type: ignore[type-arg]  # takes none where it runs
    """The password that somebody chooses who has signed in by a code; with an e-mail address where mail is sent."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("May stay empty. By it you renew a forgotten password yourself.")
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.fields["email"].initial = user.email
        if not settings.SENDS_MAIL:
            del self.fields["email"]


class EmailForm(forms.Form):
    """The own e-mail address, for which the password is asked: whoever reads the mail there can change it."""

    email = forms.EmailField(label=_("E-mail"), required=False)
    password = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a wrong password."""
        typed: str = self.cleaned_data["password"]
        if not self.user.check_password(typed):
            raise ValidationError(_("This is not your present password."))
        return typed


class ForgottenForm(auth_forms.PasswordResetForm):
    """The e-mail address to which a link for a new password is sent."""

    def get_users(self, email: str) -> Any:
        """Return the accounts of this address that are open today."""
        return (user for user in super().get_users(email) if isinstance(user, User) and user.is_open)
