"""Prose with live figures: sentences in which `{label}` stands for a figure.

A token is looked up by its label and replaced by the figure; nothing in it is ever executed or formatted.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from apps.core.glyphs import readable
from apps.figures.figures import Figure

from .conditions import said

Segment = str | Figure

# A token in braces, full-width ones too; a brace without its partner is found as well, so that it can be told.
TOKEN = re.compile(r"[{｛](?P<label>[^{}｛｝\n]*)(?P<end>[}｝])?|[}｝]")
SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’』」）》]*|[^。！？]+$")
# How alike a label must be to be offered instead of an unknown one, from 0 to 1.
ALIKE = 0.4


@dataclass(frozen=True)
class Unknown:
    """A token that names no figure: as it was typed, its place (line and column from 1), and the nearest label."""

    token: str
    line: int
    column: int
    nearest: str


def _label(found: re.Match[str]) -> str | None:
    """Return the label within a token, None for a brace without its partner."""
    return found["label"].strip() if found["end"] else None


def labels_in(text: str) -> list[str]:
    """Return the labels of all tokens of `text`, in their order."""
    return [label for found in TOKEN.finditer(text) if (label := _label(found)) is not None]


def render(text: str, figures: Mapping[str, Figure]) -> tuple[Segment, ...]:
    """Return `text` as pieces of plain text and figures (label → figure); an unknown token stays as it was typed."""
    segments: list[Segment] = []
    end = 0
    for found in TOKEN.finditer(text):
        figure = figures.get(_label(found) or "")
        if figure is None:
            continue
        segments += [text[end : found.start()], figure]
        end = found.end()
    segments.append(text[end:])
    return tuple(segment for segment in segments if segment != "")


def plain(segments: Iterable[Segment]) -> str:
    """Return the pieces as one text, each figure as it is printed."""
    return "".join(segment.text if isinstance(segment, Figure) else segment for segment in segments)


def unknown_tokens(text: str, labels: Collection[str]) -> list[Unknown]:
    """Return the tokens of `text` that are none of `labels`, each with its place and the nearest label, or ""."""
    unknown = []
    for number, line in enumerate(text.splitlines(), start=1):
        for found in TOKEN.finditer(line):
            label = _label(found)
            if label in labels:
                continue
            asked = label if label is not None else found.group().strip("{}｛｝ ")
            near = get_close_matches(asked, labels, n=1, cutoff=ALIKE)
            unknown.append(Unknown(found.group(), number, found.start() + 1, near[0] if near else ""))
    return unknown


def tidy(text: str) -> str:
    """Return `text` with half-width braces and only what can be read: no blanks at ends of lines, no empty lines."""
    # Lines first: what ends them in a copied text is a control character too.
    text = readable("\n".join(text.splitlines()))
    text = TOKEN.sub(lambda found: f"{{{_label(found)}}}" if found["end"] else found.group(), text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def sentences(paragraph: str) -> list[str]:
    """Return the sentences of a paragraph, closing quotation marks with the sentence that they close."""
    return SENTENCE.findall(paragraph)


def default_prose(text: str, figures: Mapping[str, Figure]) -> str:
    """Return `text` as far as its sentences have something to state, their parts chosen by their conditions.

    Tokens are kept. With the last sentence that states something goes its whole paragraph; one without any token is
    always kept.
    """
    kept = []
    for paragraph in tidy(text).splitlines():
        parts = [(part, said(part, figures)) for part in sentences(paragraph)]
        stating = [found for part, found in parts if "{" in part]
        if any(stating) or not stating:
            kept.append("".join(found for _part, found in parts if found))
    return "\n".join(kept)
