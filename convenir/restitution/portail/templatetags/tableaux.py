"""The frame that the DSFR asks around every table: written once."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
CADRE = (
    '<div class="{}"><div class="fr-table__wrapper"><div class="fr-table__container"{}>'
    '<div class="fr-table__content">{}</div></div></div></div>'
)


@register.simple_block_tag
def tableau(
    content: SafeString, *, fiches: bool = True, legende: bool = False, classe: str = "", region: str = ""
) -> SafeString:
    """Frame a table.

    Args:
        content: the table.
        fiches: on a phone each row becomes a card, whose labels are the `data-l` of the cells.
        legende: the caption is seen, not only heard.
        classe: one more class.
        region: name of the table when it scrolls sideways: the keyboard can then reach it.
    """
    classes = [
        "fr-table",
        "fr-table--sm",
        "" if legende else "fr-table--no-caption",
        "cv-table",
        "cv-fiches" if fiches else "",
        classe,
    ]
    atteinte = format_html(' tabindex="0" role="region" aria-label="{}"', region) if region else ""
    return format_html(CADRE, " ".join(filter(None, classes)), atteinte, content)
