"""Pages of the follow-up: what each shows, in a fixed number of SQL queries."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.models import Convention, GenreOperation, Operation
from convenir.contrat.suivi.models import Bilan, Moyen
from convenir.mesure.indicateurs.alertes.rules import Alerte
from convenir.mesure.indicateurs.models import Instantane, SituationStructure
from convenir.socle.comptes.roles import Role
from tests.factories_conventions import convention_en_cours, convention_en_preparation

pytestmark = pytest.mark.django_db
R = Role


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


def test_avant_la_signature_la_page_porte_ce_qui_se_negocie_et_propose_la_bonne_annee(gens):
    convention = convention_en_preparation("en_negociation", debut=date(2099, 1, 1), fin=date(2102, 1, 1))
    clients = {role: c.client for role, c in gens(convention).items()}
    page = lire(clients[R.DEPARTEMENTAL], "convention", convention.reference)
    assert "Accorder un moyen" in page
    assert "Inscrire un engagement" in page
    for apres in ("Calendrier des obligations", "Bilans d’activité", "Résultats et renouvellement"):
        assert apres not in page
    for nom in ("moyen_ajouter", "engagement_ajouter", "annexe_ajouter"):
        reponse = clients[R.DEPARTEMENTAL].get(reverse(f"suivi:{nom}", args=[convention.reference]))
        assert reponse.context["formulaire"]["annee"].value() == 2099


def test_une_alerte_dit_son_chiffre_son_seuil_et_sa_consequence(clients, convention):
    instantane = Instantane.objects.create(
        sha256="a" * 64, premiere_annee=2026, derniere_annee=2026, arrete_au=date(2026, 9, 30)
    )
    alerte = Alerte("realisation", "forte", "Sous-consommation à fin septembre.", "87 %", "95 %", "Trois postes.")
    SituationStructure.objects.create(
        structure=convention.structure, instantane=instantane, annee=2026, alertes=[alerte.as_dict()]
    )
    page = lire(clients[R.DEPARTEMENTAL], "convention", convention.reference)
    assert "<p>87 % (seuil : 95 %). Trois postes.</p>" in page


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
    rapprochement = lire(clients[R.DEPARTEMENTAL], "rapprochement", convention.reference, 2025)
    assert ">41<" in rapprochement
    assert ">Trancher<" in rapprochement
    assert "le service ne l’a pas tranché" in lire(
        clients[R.DIRECTION_STRUCTURE], "rapprochement", convention.reference, 2025
    )
    trouve = Bilan.objects.get(annee=2025)
    trouve.chiffres.filter(code="presents").update(
        extranet=40, decision="structure", motif="Une entrée de décembre", decide_le=timezone.now()
    )
    rapprochement = lire(clients[R.DEPARTEMENTAL], "rapprochement", convention.reference, 2025)
    assert "<div>1</div>" in rapprochement, "la différence s'écrit comme les deux chiffres"
    assert ">Revoir la décision<" in rapprochement


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


def test_le_bilan_se_depose_apres_ce_qu_il_envoie_et_enregistre_ce_qui_est_ecrit(clients, convention):
    """Le bouton était au-dessus du formulaire, et déposait sans ce qui venait d'être écrit."""
    client = clients[R.DIRECTION_STRUCTURE]
    client.post(reverse("suivi:bilan_ouvrir", args=[convention.reference, 2025]))
    bilan = Bilan.objects.get()
    adresse = bilan.get_absolute_url()
    page = client.get(adresse).content.decode()
    assert page.index('name="c-presents"') < page.index("Enregistrer le bilan") < page.index('name="deposer"')
    assert 'name="deposer"' not in clients[R.COLLABORATION_STRUCTURE].get(adresse).content.decode()
    textes = {f"r-{r.code}": "Écrit au moment de déposer" for r in bilan.rubriques.all()}
    fautif = client.post(adresse, textes | {"c-presents": "beaucoup", "deposer": "oui"})
    assert fautif.status_code == 400
    assert "Écrit au moment de déposer" in fautif.content.decode()
    bilan.refresh_from_db()
    assert bilan.depose_le is None
    assert client.post(adresse, textes | {"c-presents": "41", "deposer": "oui"})["Location"] == adresse
    bilan.refresh_from_db()
    assert bilan.depose_le is not None
    assert {r.texte for r in bilan.rubriques.all()} == {"Écrit au moment de déposer"}


def test_deposer_sans_un_compte_rendu_enregistre_puis_demande_pourquoi(clients, convention):
    client = clients[R.DIRECTION_STRUCTURE]
    convention.annexes_de_financeurs.create(annee=2025, financeur="Région fictive", prevu=1)
    client.post(reverse("suivi:bilan_ouvrir", args=[convention.reference, 2025]))
    bilan = Bilan.objects.get()
    assert "Déposer sans tous les comptes rendus" in client.get(bilan.get_absolute_url()).content.decode()
    textes = {f"r-{r.code}": "Gardé" for r in bilan.rubriques.all()}
    demande = client.post(bilan.get_absolute_url(), textes | {"c-presents": "41", "deposer": "oui"})
    assert demande["Location"] == reverse("suivi:bilan_sans_compte_rendu", args=[convention.reference, 2025])
    bilan.refresh_from_db()
    assert bilan.depose_le is None
    assert {r.texte for r in bilan.rubriques.all()} == {"Gardé"}


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


def test_la_reprise_se_demande_avance_en_fond_et_rend_son_rapport(clients, convention):
    client, adresse = clients[R.DEPARTEMENTAL], reverse("suivi:reprise")
    departement = convention.departement_id
    reponse = client.post(adresse, {"departement": departement, "essai": "oui"}, follow=True)
    demandee = Operation.objects.get(genre=GenreOperation.ANNEXES)
    assert reponse.redirect_chain[0][0] == demandee.get_absolute_url()
    page = reponse.content.decode()
    assert "elle se fait sans vous attendre" in page
    assert "Aucune annexe en vigueur n’est lue pour ce département" in page
    assert "Rien n’a été écrit." in page
    Operation.objects.update(etat="en_cours", progression=40)
    assert "en cours, 40 %" in lire(client, "reprise").replace(" ", " ").replace(" %", " %")
    suivie = client.get(demandee.get_absolute_url(), {"suivre": "oui"}).content.decode()
    assert 'value="40"' in suivie
    assert 'http-equiv="refresh"' in suivie
    deja = client.post(adresse, {"departement": departement, "essai": "oui"}, follow=True).content.decode()
    assert "Cette opération est déjà demandée" in deja
