"""What every read of the API shares: its pages, its refusals."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from convenir.restitution.api.schemas import Erreur

PAR_PAGE = 100
REFUS = {401: Erreur, 403: Erreur, 404: Erreur, 422: Erreur}


def page_de(lignes: Any, page: int) -> tuple[list[Any], dict[str, int]]:
    """Return the lines of a page, a hundred at most, and where it stands among the others."""
    lue = Paginator(lignes, PAR_PAGE).get_page(page)
    return list(lue), {"total": lue.paginator.count, "page": lue.number, "pages": lue.paginator.num_pages}
