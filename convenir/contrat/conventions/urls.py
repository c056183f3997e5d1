"""URLs of the conventions."""

from django.urls import path

from convenir.contrat.conventions.views import actes, liste, page, signatures, termes

app_name = "conventions"

urlpatterns = [
    path("", liste.liste, name="liste"),
    path("export/<str:format_export>/", liste.exporter, name="export"),
    path("<str:reference>/", page.convention, name="convention"),
    path("<str:reference>/comparer/", page.comparaison, name="comparer"),
    path("<str:reference>/journal/", page.journal, name="journal"),
    path("<str:reference>/pieces/<int:cle>/", page.piece, name="piece"),
    path("<str:reference>/actes/<str:nom>/", actes.acte, name="acte"),
    path("<str:reference>/termes/", termes.modifier, name="termes"),
    path("<str:reference>/clauses/", termes.clauses, name="clauses"),
    path("<str:reference>/periode/", termes.periode, name="periode"),
    path("<str:reference>/signatures/<int:cle>/", signatures.signer, name="signer"),
    path("<str:reference>/signatures/<int:cle>/substituer/", signatures.substituer, name="substituer"),
    path("<str:reference>/signatures/<int:cle>/deliberer/", signatures.deliberer, name="deliberer"),
    path("<str:reference>/signatures/<int:cle>/relancer/", signatures.relancer, name="relancer"),
    path("<str:reference>/observations/", signatures.observations, name="observations"),
]
