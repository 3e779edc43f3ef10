"""Two hundred edits as people make them, and every figure is still what its page and the papers say."""

from apps.core.periods import Period
from apps.reports.composing.document import figures_of
from apps.schools.models import Township
from tests.generated.editing import KINDS, Editor
from tests.generated.papers import disagreements
from tests.tracing import annexes, figures, sign_in, untrue

EDITS = 200


def test_figures_pages_and_papers_agree_after_edits(ordinary: Township) -> None:
    client, user = sign_in(f"office-{ordinary.code}")
    period = Period.from_code("2025")
    before = figures_of(ordinary.scope, period)
    editor = Editor(client, user, ordinary, 5)
    for _number in range(EDITS):
        editor.edit()
    taken = sum(number for (_kind, _verb, taken), number in editor.done.items() if taken)
    # The domain's rules may refuse some, but by no means most, and every verb comes through.
    assert taken > EDITS / 3, editor.done
    assert {verb for _kind, verb, taken in editor.done if taken} == {"create", "update", "delete"}
    assert len({kind for kind, _verb, taken in editor.done if taken}) > len(KINDS) / 2
    after = figures_of(ordinary.scope, period)
    assert sum(before[key].value != after[key].value for key in before) > 20
    claims = [*figures(ordinary.scope, period), *annexes(ordinary.scope, period)]
    assert untrue(client, claims) == []
    assert disagreements(ordinary.scope, period) == []
