"""The sign-in form of streamlit-authenticator, with the users table and server-side sessions behind it."""

from __future__ import annotations

from typing import Any

from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController, CookieController
from streamlit_authenticator.models import AuthenticationModel

from crm_data import db, settings
from crm_data.errors import CrmError
from crm_data.services import sign_in
from crm_data.services.sessions import Opened
from crm_data.vocabulary import N_
from pages.ui import signin
from pages.ui.text import _
from pages.ui.visitor import visitor


class _UsersTable(AuthenticationModel):  # type: ignore[misc]
    """The package's store of users: asks the users table for the one who signs in, and knows nobody else."""

    def __init__(self) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        self.opened: Opened | None = None
        self.refusal: CrmError | None = None

    def login(self, username: str, password: str, *rest: Any) -> bool:
        if not username or not password:
            self.refusal = CrmError(N_("Enter your user name and your password."))
            return False
        return bool(super().login(username, password, *rest))

    def check_credentials(self, username: str, password: str) -> bool:
        try:
            self.opened = sign_in.with_password(db.engine(), username=username, password=password, visitor=visitor())
        except (sign_in.SignInError, sign_in.TooManyAttemptsError) as refusal:
            self.refusal = refusal
            return False
        self.credentials["usernames"][username] = {"name": username}
        return True


class _Cookies(CookieController):  # type: ignore[misc]
    """The package's cookies: ours is set by the server, where no script can read it, and names a revocable session."""

    def __init__(self, users: _UsersTable) -> None:
        self._users = users  # the package's own would mount a frame that writes a readable cookie

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        if self._users.opened is not None:
            signin.come_in(self._users.opened)

    def delete_cookie(self) -> None:
        return None


class SignInForm(Authenticate):  # type: ignore[misc]
    """The package's form, to be made only while nobody is signed in."""

    def __init__(self) -> None:
        self.users = _UsersTable()
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _Cookies(self.users)
        self.authentication_controller = AuthenticationController(
            {"usernames": {}}, auto_hash=False, secret_key=settings.secret_key()
        )
        self.authentication_controller.authentication_model = self.users

    def ask(self) -> CrmError | None:
        """Draw the form; give the reason when somebody was refused just now. Who came in has a seat afterwards."""
        words = {
            "Form name": _("Sign in"),
            "Username": _("User name"),
            "Password": _("Password"),
            "Login": _("Sign in"),
        }
        self.login(fields=words, key="sign_in")
        return self.users.refusal
