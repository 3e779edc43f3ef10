"""What is done with accounts and with the codes by which people sign in first."""

from .accounts import delete_account, open_accounts, save_account, set_email, sync_roles
from .codes import CODE_DAYS, READABLE, Slip, issue_code, issue_codes, redeem_code

__all__ = [
    "CODE_DAYS",
    "READABLE",
    "Slip",
    "delete_account",
    "issue_code",
    "issue_codes",
    "open_accounts",
    "redeem_code",
    "save_account",
    "set_email",
    "sync_roles",
]
