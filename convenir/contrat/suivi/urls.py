"""Addresses of the follow-up, under /suivi/."""

from django.urls import path, re_path, register_converter

from convenir.contrat.suivi.views import bureau, commission, controles, conventions, financeurs, prescripteurs, suites


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
    path("exports/<str:quoi>/<str:format_export>/", conventions.exporter_une_liste, name="exports"),
    path("echeances/", bureau.echeances, name="echeances"),
    path("referents/", bureau.referents, name="referents"),
    path("reprise/", bureau.reprise, name="reprise"),
    path("signes-non-valides/", bureau.signes, name="signes"),
    path("signes-non-valides/export.csv", bureau.signes_exporter, name="signes_exporter"),
    path("contestations/", bureau.contestations, name="contestations"),
    path("contestations/<int:cle>/", bureau.contestation, name="contestation"),
    re_path(
        r"^contester/(?P<cle>[0-9]+)/(?P<indicateur>[a-z0-9_.]+)/(?P<periode>[0-9]{4}[-0-9a-zT]{0,9})/$",
        bureau.contester,
        name="contester",
    ),
    path("prescriptions/", prescripteurs.prescriptions, name="prescriptions"),
    path("prescriptions/<int:cle>/", prescripteurs.prescription, name="prescription"),
    path("commission/", commission.commission, name="commission"),
    path("commission/export.csv", commission.commission_du_jour, name="commission_du_jour"),
    path("commission/informations/", commission.informations, name="informations"),
    path("commission/<int:cle>/", commission.information, name="information"),
    path("commission/<int:cle>/export.csv", commission.commission_exporter, name="commission_exporter"),
    path("controles/", controles.controles, name="controles"),
    path("controles/campagnes/<int:cle>/", controles.campagne, name="campagne"),
    path("controles/<int:cle>/", controles.controle, name="controle"),
    path("controles/<int:cle>/embauches/", controles.embauches, name="embauches"),
    path("controles/<int:cle>/departement-informe/", controles.cofinanceur_informe, name="cofinanceur_informe"),
    path("controles/<int:cle>/<str:acte>/", controles.controle_avancer, name="controle_avancer"),
    path(f"{C}financeurs/ajouter/", financeurs.annexe_ajouter, name="annexe_ajouter"),
    path(f"{C}financeurs/<int:cle>/", financeurs.compte_rendu, name="compte_rendu"),
    path(f"{C}financeurs/<int:cle>/rattacher/", financeurs.annexe_rattacher, name="annexe_rattacher"),
    path(f"{C}analyse/", suites.analyse, name="analyse"),
    path(f"{C}preconisations/ajouter/", suites.preconiser, name="preconiser"),
    path(f"{C}preconisations/<int:cle>/", suites.preconisation, name="preconisation"),
    path(f"{C}", conventions.convention, name="convention"),
    path(f"{C}referents/", bureau.designer, name="designer"),
    path(f"{C}moyens/ajouter/", conventions.moyen_ajouter, name="moyen_ajouter"),
    path(f"{C}moyens/<int:cle>/", conventions.moyen, name="moyen"),
    path(f"{C}engagements/ajouter/", conventions.engagement_ajouter, name="engagement_ajouter"),
    path(f"{C}engagements/<int:cle>/", conventions.engagement, name="engagement"),
    path(f"{BILAN}ouvrir/", conventions.bilan_ouvrir, name="bilan_ouvrir"),
    path(f"{BILAN}", conventions.bilan, name="bilan"),
    path(f"{BILAN}passer/<str:nom>/", conventions.bilan_passer, name="bilan_passer"),
    path(f"{BILAN}deposer/", financeurs.bilan_sans_compte_rendu, name="bilan_sans_compte_rendu"),
    path(f"{BILAN}rendre/", conventions.bilan_rendre, name="bilan_rendre"),
    path(f"{BILAN}rapprochement/", conventions.rapprochement, name="rapprochement"),
    path(f"{BILAN}rapprochement/<int:cle>/", conventions.trancher, name="trancher"),
]
