"""The published format of the records: readable page, Table Schema to download."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.mesure.donnees.formats import tables_missions_locales, vue_agregats_ml
from convenir.mesure.donnees.formats.table_schema import table_schemas
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import exige


@exige(Capacite.VOIR_PARAMETRES)
def format_ml(request: HttpRequest) -> HttpResponse:
    """Describe the tables, column by column."""
    tables = [*tables_missions_locales().values(), vue_agregats_ml()]
    return render(request, "donnees/format.html", {"tables": tables})


@exige(Capacite.VOIR_PARAMETRES)
def schema(request: HttpRequest, table: str) -> HttpResponse:  # noqa: ARG001
    """Send the Table Schema of a table; `missions-locales` for all of them, as one data package."""
    schemas = table_schemas({**tables_missions_locales(), vue_agregats_ml().nom: vue_agregats_ml()})
    if table == "missions-locales":
        ressources = [{"name": n, "path": f"{n}.csv", "schema": s} for n, s in schemas.items()]
        contenu: object = {"name": "missions-locales", "resources": ressources}
    elif table in schemas:
        contenu = schemas[table]
    else:
        raise Http404
    reponse = HttpResponse(json.dumps(contenu, ensure_ascii=False, indent=1), content_type="application/json")
    reponse["Content-Disposition"] = f'attachment; filename="{table}.json"'
    return reponse
