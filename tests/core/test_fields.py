"""Personal data at rest: what is encrypted comes out as it went in, however long it is."""

import pytest

from apps.core import fields
from apps.core.fields import EncryptedTextField


@pytest.mark.parametrize("text", ["", "610399198507120022", "3.1 与 4.", "长" * 12])
def test_encrypted_text_in_pieces_comes_out_as_it_went_in(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fields, "PIECE", 5)
    field = EncryptedTextField()
    sealed = field.get_prep_value(text)
    assert field.from_db_value(sealed, None, None) == text
    assert text not in sealed if text else sealed == ""
    assert field.from_db_value(f"{sealed}.spoilt", None, None) == ""


def test_encrypted_text_of_one_piece_is_one_token() -> None:
    assert fields.BETWEEN not in EncryptedTextField().get_prep_value("610399198507120022")
