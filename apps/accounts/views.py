"""Signing in, the own password, and codes that are shown once."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth import views as auth_views
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from apps.core.access import Request, public, requires, signed_in
from apps.webui.forms import refuse

from . import actions, forms
from .models import OneTimeCode, User
from .rules import may_issue_code
from .slips import Pile, read, slips_pdf, written

# Where the session keeps whose code was typed, until the password is chosen.
WAITING = "one_time_code"


class SignIn(auth_views.LoginView):
    """Sign-in by password or, the first time, by a one-time code, which leads to choosing a password."""

    authentication_form = forms.SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or go on to choose a password."""
        if form.code is None:
            return super().form_valid(form)
        self.request.session.flush()
        self.request.session[WAITING] = [form.code.pk, form.code.digest]
        return redirect("first_password")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say why somebody has to sign in again whose account was closed meanwhile."""
        kept = self.request.session.get(SESSION_KEY)
        user = User.objects.with_places().filter(pk=kept).first() if kept else None
        return super().get_context_data(**kwargs) | {"closed": user.refusal if user else ""}


def _waiting_code(request: HttpRequest) -> OneTimeCode | None:
    """Return the code that was typed in this session, as long as it holds."""
    pk, digest = request.session.get(WAITING, (None, ""))
    code: OneTimeCode | None = OneTimeCode.objects.waiting().filter(pk=pk, digest=digest).first()
    if code:
        code.user = User.objects.with_places().get(pk=code.user_id)
    return code if code and code.user.is_open else None


@public
@never_cache
@sensitive_post_parameters()
def first_password(request: HttpRequest) -> HttpResponse:
    """Let who has signed in by a code choose a password, and go to the start page."""
    code = _waiting_code(request)
    if code is None:
        messages.info(request, _("Sign in with your user name and the code first."))
        return redirect("login")
    user = code.user
    form = forms.FirstPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = actions.redeem_code(code=code, password=data["new_password1"], email=data.get("email", ""), by=user)
        except ValidationError as error:
            refuse(form, error)
        else:
            login(request, user, backend="apps.accounts.backends.ScopedBackend")
            messages.success(request, _("Your password is set. The code is used up."))
            return redirect("start")
    return render(request, "accounts/first_password.html", {"form": form, "account": user})


class Forgotten(auth_views.PasswordResetView):
    """What to do without the password: by mail where the site sends any, else whom to ask."""

    form_class = forms.ForgottenForm
    template_name = "accounts/forgotten.html"
    email_template_name = "accounts/forgotten_mail.txt"
    subject_template_name = "accounts/forgotten_subject.txt"
    success_url = reverse_lazy("password_reset_done")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether the site sends mail."""
        return super().get_context_data(**kwargs) | {"sends_mail": settings.SENDS_MAIL}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the mail; show the page where there is none."""
        return super().post(request, *args, **kwargs) if settings.SENDS_MAIL else self.get(request, *args, **kwargs)


@signed_in
@sensitive_post_parameters()
def own_email(request: HttpRequest) -> HttpResponse:
    """Write the own e-mail address, by which a forgotten password is renewed."""
    user = User.objects.with_places().get(pk=request.user.pk or 0)
    form = forms.EmailForm(user, request.POST or None, initial={"email": user.email})
    if request.method == "POST" and form.is_valid():
        actions.set_email(user=user, email=form.cleaned_data["email"], by=user)
        messages.success(request, _("Your e-mail address is kept."))
        return redirect("start")
    return render(request, "accounts/own_email.html", {"form": form})


def show_codes(request: HttpRequest, piles: Sequence[Pile], back: str) -> HttpResponse:
    """Show the codes once: as texts to copy, and as what the button for the PDF sends."""
    context = {
        "piles": piles,
        "number": sum(len(pile.slips) for pile in piles),
        "address": request.build_absolute_uri("/"),
        "written": written(piles),
        "back": back,
    }
    return render(request, "accounts/codes.html", context)


@requires("accounts.renew_user")
@never_cache
def renew(request: Request, pk: int) -> HttpResponse:
    """Ask, then give an account a new one-time code and show it once."""
    user = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if not may_issue_code(request.user, user):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "accounts/renew.html", {"record": user})
    slip = actions.issue_code(user=user, by=request.user)
    return show_codes(request, [Pile(str(user), [slip])], user.get_absolute_url())


@requires("accounts.renew_user")
@require_POST
@never_cache
def print_slips(request: Request) -> HttpResponse:
    """Return the codes that the page still shows as slips to cut apart (PDF); no code stands in the address."""
    text = request.POST.get("slips", "")
    names = {line.partition(" ")[0] for line in text.splitlines() if not line.startswith("#")}
    accounts = User.objects.visible_to(request.user).filter(username__in=names)
    piles = read(text, {account.username: account for account in accounts if may_issue_code(request.user, account)})
    if not piles:
        messages.error(request, _("None of these codes holds any more. Issue new ones."))
        return HttpResponseRedirect(reverse_lazy("accounts:user_list"))
    response = HttpResponse(slips_pdf(piles, request.build_absolute_uri("/")), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{_('Slips for the first sign-in')}.pdf")
    return response


sign_in = public(sensitive_post_parameters()(SignIn.as_view()))
sign_out = signed_in(auth_views.LogoutView.as_view())
change_password = signed_in(auth_views.PasswordChangeView.as_view())
password_changed = signed_in(auth_views.PasswordChangeDoneView.as_view())
forgotten = public(Forgotten.as_view())
mail_sent = public(auth_views.PasswordResetDoneView.as_view(template_name="accounts/mail_sent.html"))
choose_again = public(auth_views.PasswordResetConfirmView.as_view(template_name="accounts/choose_again.html"))
chosen_again = public(auth_views.PasswordResetCompleteView.as_view(template_name="accounts/chosen_again.html"))
