"""Pages of the follow-up: what each shows, in a fixed number of SQL queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.models import Bilan, Moyen
from convenir.socle.comptes.roles import Role
from tests.factories_conventions import convention_en_cours

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def convention() -> Convention:
    return convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))


@pytest.fixture
def clients(convention, gens):
    return {role: c.client for role, c in gens(convention).items()}


def lire(client, nom: str, *args: object, **requete: str) -> str:
    reponse = client.get(reverse(f"suivi:{nom}", args=args), requete)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_la_page_d_une_convention_dit_ce_qui_est_du_et_ce_qui_a_manque(clients, convention):
    Moyen.objects.create(
        convention=convention, annee=2026, nature="dla", libelle="Appui DLA", fournisseur="DLA fictif",
        etat="non_livre", etat_le=date(2026, 3, 1), motif="indisponible", objectif_servi="Sorties dynamiques",
    )  # fmt: skip
    page = lire(clients[R.DEPARTEMENTAL], "convention", convention.reference)
    assert "Calendrier des obligations" in page
    assert "Avenant" in page
    assert "<strong>Sorties dynamiques.</strong> Non livré : Appui DLA (indisponible)" in page


def test_une_obligation_faite_ne_reste_pas_due(convention, clients):
    from tests.factories_conventions import VersionFactory

    annee = timezone.localdate().year
    assert f"Avenant {annee} signé" in lire(clients[R.DEPARTEMENTAL], "convention", convention.reference)
    VersionFactory(
        convention=convention, nature="avenant", rang=1, numero=1, effet=date(annee, 1, 1), etat="signee",
        signee_le=date(annee, 1, 1), clauses_fin=date(annee + 1, 1, 1),
    )  # fmt: skip
    assert f"Avenant {annee} signé" not in lire(clients[R.DEPARTEMENTAL], "convention", convention.reference)


def test_le_bilan_s_ecrit_s_enregistre_et_se_depose_au_navigateur(clients, convention):
    client = clients[R.DIRECTION_STRUCTURE]
    client.post(reverse("suivi:bilan_ouvrir", args=[convention.reference, 2025]))
    bilan = Bilan.objects.get()
    textes = {f"r-{r.code}": "Texte inventé" for r in bilan.rubriques.all()}
    assert client.post(bilan.get_absolute_url(), textes | {"c-presents": "beaucoup"}).status_code == 400
    assert client.post(bilan.get_absolute_url(), textes | {"c-presents": "41"}).status_code == 302
    client.post(reverse("suivi:bilan_passer", args=[convention.reference, 2025, "deposer"]))
    bilan.refresh_from_db()
    assert bilan.depose_le is not None
    assert ">41<" in lire(clients[R.DEPARTEMENTAL], "rapprochement", convention.reference, 2025)


def test_la_liste_se_filtre_et_reste_a_requetes_fixes(clients, convention, django_assert_max_num_queries):
    def ajouter() -> None:
        autre = convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))
        Bilan.objects.create(convention=autre, annee=2025, ouvert_le="2026-01-05T09:00Z", echeance=date(2026, 3, 31))

    ajouter()
    national = clients[R.NATIONAL]
    with django_assert_max_num_queries(12) as avant:
        assert "2\u00a0conventions" in lire(national, "liste")
    for _ in range(4):
        ajouter()
    with django_assert_max_num_queries(len(avant)):
        lire(national, "liste")
    assert "5\u00a0conventions" in lire(national, "liste", quoi="bilan")
    export = b"".join(national.get(reverse("suivi:exporter"), {"quoi": "bilan"}).streaming_content).decode()
    assert export.count("\n") == 6


def test_la_passation_se_fait_au_navigateur(clients, convention):
    from tests.factories_comptes import AdhesionFactory

    part, arrive = (
        AdhesionFactory(organisation=convention.service, role=R.DEPARTEMENTAL).utilisateur for _ in range(2)
    )
    Convention.objects.update(referent=part)
    reponse = clients[R.DEPARTEMENTAL].post(reverse("suivi:referents"), {"cedant": part.pk, "repreneur": arrive.pk})
    assert reponse.status_code == 302
    assert Convention.objects.get().referent == arrive


def test_france_travail_inscrit_ses_orientations(clients, convention):
    adresse = reverse("suivi:engagement_ajouter", args=[convention.reference])
    donnees = {"nature": "orientations", "partie": "x", "nombre": "20", "annee": "2026", "profil": "Plus de deux ans"}
    assert clients[R.FRANCE_TRAVAIL].post(adresse, donnees).status_code == 302
    page = lire(clients[R.DIRECTION_STRUCTURE], "convention", convention.reference)
    assert "20 promis" in page


def test_la_date_des_bilans_et_l_information_de_la_commission(clients, convention):
    client = clients[R.DEPARTEMENTAL]
    annee = timezone.localdate().year - 1
    reponse = client.post(reverse("suivi:echeances"), {"annee": annee, "echeance": f"{annee + 1}-04-30"})
    assert reponse.status_code == 302
    assert f"30\u00a0avril\u00a0{annee + 1}" in lire(client, "echeances")
    assert client.post(reverse("suivi:commission"), {"jour": "2026-03-12", "texte": "Point"}).status_code == 302
    assert "12\u00a0mars\u00a02026" in lire(client, "commission")
