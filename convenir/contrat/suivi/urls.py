"""Addresses of the follow-up, under /suivi/."""

from django.urls import path, re_path, register_converter

from convenir.contrat.suivi.vues import bureau, conventions


class Reference:
    """A reference of convention in an address."""

    regex = r"CONV-[0-9A-Z]{2,4}-[0-9]{4}-[A-Z]{2,4}-[0-9]{4,}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(Reference, "reference_suivi")

app_name = "suivi"
C = "<reference_suivi:reference>/"
BILAN = f"{C}bilans/<int:annee>/"

urlpatterns = [
    path("", conventions.liste, name="liste"),
    path("export.csv", conventions.exporter, name="exporter"),
    path("echeances/", bureau.echeances, name="echeances"),
    path("referents/", bureau.referents, name="referents"),
    path("reprise/", bureau.reprise, name="reprise"),
    path("reprise/<int:cle>/", bureau.reprise_rapport, name="reprise_rapport"),
    path("signes-non-valides/", bureau.signes, name="signes"),
    path("signes-non-valides/export.csv", bureau.signes_exporter, name="signes_exporter"),
    path("contestations/", bureau.contestations, name="contestations"),
    path("contestations/<int:cle>/", bureau.contestation, name="contestation"),
    re_path(
        r"^contester/(?P<cle>[0-9]+)/(?P<indicateur>[a-z0-9_.]+)/(?P<periode>[0-9]{4}[-0-9a-zT]{0,9})/$",
        bureau.contester,
        name="contester",
    ),
    path("commission/", bureau.commission, name="commission"),
    path("commission/<int:cle>/export.csv", bureau.commission_exporter, name="commission_exporter"),
    path(f"{C}", conventions.convention, name="convention"),
    path(f"{C}referents/", bureau.designer, name="designer"),
    path(f"{C}moyens/ajouter/", conventions.moyen_ajouter, name="moyen_ajouter"),
    path(f"{C}moyens/<int:cle>/", conventions.moyen, name="moyen"),
    path(f"{C}engagements/ajouter/", conventions.engagement_ajouter, name="engagement_ajouter"),
    path(f"{C}engagements/<int:cle>/", conventions.engagement, name="engagement"),
    path(f"{BILAN}ouvrir/", conventions.bilan_ouvrir, name="bilan_ouvrir"),
    path(f"{BILAN}", conventions.bilan, name="bilan"),
    path(f"{BILAN}passer/<str:nom>/", conventions.bilan_passer, name="bilan_passer"),
    path(f"{BILAN}rendre/", conventions.bilan_rendre, name="bilan_rendre"),
    path(f"{BILAN}rapprochement/", conventions.rapprochement, name="rapprochement"),
    path(f"{BILAN}rapprochement/<int:cle>/", conventions.trancher, name="trancher"),
]
