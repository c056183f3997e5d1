"""Every URL of the product, module by module."""

from django.urls import include, path

urlpatterns = [
    path("", include("convenir.restitution.portail.urls")),
    path("comptes/", include("convenir.socle.comptes.urls")),
    path("notifications/", include("convenir.socle.taches.urls")),
    path("journal/", include("convenir.socle.journal.urls")),
    path("textes-et-parametres/", include("convenir.socle.reglementation.urls")),
    path("donnees/", include("convenir.mesure.donnees.urls")),
    path("archives/", include("convenir.socle.archives.urls")),
    path("documents/", include("convenir.socle.documents.urls")),
    path("objectifs/", include("convenir.contrat.objectifs.urls")),
    path("dossiers/", include("convenir.contrat.dossiers.urls")),
    path("travaux/", include("convenir.contrat.travaux.urls")),
    path("suivi/", include("convenir.contrat.suivi.urls")),
    path("conventions/", include("convenir.contrat.conventions.urls")),
    path("api/", include("convenir.restitution.api.urls")),
]

handler500 = "convenir.restitution.portail.views.erreurs.erreur_interne"
