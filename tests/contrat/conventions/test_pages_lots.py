"""Le lot d'annexes d'un département par les pages : préparé en fond, revu une à une, saisi, imprimé, exporté."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse

from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.actions.lots_en_fond import PREPAREE
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, GenreOperation, Operation, Version
from convenir.contrat.conventions.queries.lots import annexes_du_lot, rangs
from convenir.contrat.conventions.rules.termes import Cofinancement
from convenir.contrat.conventions.temps import passer_le_jour
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.taches.models import Tache
from tests.contrat.conventions.outils import INSTANT, SYSTEME
from tests.factories_comptes import acteurs_par_role
from tests.factories_conventions import TERMES, convention_en_cours
from tests.factories_socle import DepartementFactory, OrganisationFactory, StructureFactory

pytestmark = pytest.mark.django_db
ANNEE = 2027


@pytest.fixture
def premiere() -> Convention:
    return convention_en_cours()


@pytest.fixture
def roles(premiere):
    return acteurs_par_role(premiere.structure)


@pytest.fixture
def client(roles):
    return roles[Role.DEPARTEMENTAL].client


@pytest.fixture
def departement(premiere):
    return premiere.departement


def url(nom: str, *args: object) -> str:
    return reverse(f"conventions:{nom}", args=args)


def lire(client, adresse: str) -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode()


def partielle(departement) -> Convention:
    """Une convention qui finit dans l'année : son annexe est une exception."""
    return convention_en_cours(structure=StructureFactory(departement=departement), fin=date(2027, 4, 1))


def preparer(client, departement, essai: str = "non") -> Operation:
    reponse = client.post(url("lot", departement.pk, ANNEE), {"essai": essai})
    assert reponse.status_code == 302
    return Operation.objects.first()


def test_l_essai_dit_ce_qui_serait_fait_puis_la_preparation_le_fait_en_fond(client, departement, premiere):
    partielle(departement)
    essai = preparer(client, departement, "oui")
    assert (essai.etat, essai.progression, essai.comptes) == ("finie", 100, {"préparée": 1, "à revoir": 1})
    assert not AnnexeFinanciere.objects.exists()
    assert "Rien n’a été écrit" in lire(client, essai.get_absolute_url())
    faite = preparer(client, departement)
    assert AnnexeFinanciere.objects.count() == 2
    page = lire(client, faite.get_absolute_url())
    assert premiere.nom_de_la_partie in page
    assert "3 mois" in page
    assert "12,00\u00a0ETP, 287\u202f052,00\u00a0€" in page, "en français, comme partout"
    assert Entree.objects.filter(acte="conventions.operation_finie").count() == 2


def test_un_grand_lot_avance_par_morceaux_et_reprend_ou_il_en_etait(departement, premiere, monkeypatch):
    from convenir.contrat.conventions.actions import lots_en_fond

    for _ in range(3):
        convention_en_cours(structure=StructureFactory(departement=departement))
    monkeypatch.setattr(lots_en_fond, "TAILLE", 2)
    vues: list[int] = []
    vraie, appels = lots_en_fond.preparer_avenants, []

    def fragile(*args, **kwargs):
        appels.append(1)
        if len(appels) == 2:
            vues.append(Operation.objects.get().progression)
            raise EntreeInvalide("Coupure d'essai.")
        return vraie(*args, **kwargs)

    monkeypatch.setattr(lots_en_fond, "preparer_avenants", fragile)
    demandee = operations.demander(
        SYSTEME, GenreOperation.LOT, departement, essai=False, maintenant=INSTANT, annee=ANNEE
    )
    arretee = operations.executer(SYSTEME, demandee)
    assert (arretee.etat, arretee.message, vues) == ("echouee", "Coupure d'essai.", [50])
    assert AnnexeFinanciere.objects.count() == 2, "ce qui est fait reste"
    reprise = operations.demander(
        SYSTEME, GenreOperation.LOT, departement, essai=False, maintenant=INSTANT, annee=ANNEE
    )
    assert operations.executer(SYSTEME, reprise).comptes == {PREPAREE: 2}
    assert AnnexeFinanciere.objects.count() == 4


def test_la_meme_preparation_ne_se_demande_pas_deux_fois_a_la_fois_ni_ne_se_fait_deux_fois(departement):
    quoi = {"essai": False, "maintenant": INSTANT, "annee": ANNEE}
    demandee = operations.demander(SYSTEME, GenreOperation.LOT, departement, **quoi)
    with pytest.raises(EntreeInvalide, match="déjà demandée"):
        operations.demander(SYSTEME, GenreOperation.LOT, departement, **quoi)
    Operation.objects.update(etat="en_cours")
    assert operations.executer(SYSTEME, demandee).etat == "en_cours", "un autre s'en charge"


def test_une_preparation_laissee_sans_fin_par_une_machine_arretee_se_redemande_une_heure_apres(departement):
    quoi = {"essai": False, "annee": ANNEE}
    laissee = operations.demander(SYSTEME, GenreOperation.LOT, departement, maintenant=INSTANT, **quoi)
    Operation.objects.update(etat="en_cours")
    reprise = operations.demander(
        SYSTEME, GenreOperation.LOT, departement, maintenant=INSTANT + timedelta(hours=1), **quoi
    )
    laissee.refresh_from_db()
    assert (laissee.etat, laissee.message) == ("echouee", operations.ARRETEE)
    assert operations.executer(SYSTEME, reprise).etat == "finie"


def test_une_exception_se_revoit_se_saisit_et_la_tache_du_service_suit(client, departement, premiere):
    convention = partielle(departement)
    preparer(client, departement)
    tache = Tache.objects.get(code="conventions.lot")
    assert (tache.libelle, tache.organisation) == ("1\xa0annexe 2027 : revoir une à une", premiere.service)
    annexe = AnnexeFinanciere.objects.get(convention=convention)
    page = lire(client, url("lot", departement.pk, ANNEE))
    assert url("annexe", convention.reference, annexe.pk) in page
    assert "À revoir d’abord" in lire(client, url("annexe_saisir", convention.reference, annexe.pk))
    reponse = client.post(url("annexe", convention.reference, annexe.pk), {"postes": "10.5", "unitaire": "23921"})
    assert reponse["Location"] == url("lot", departement.pk, ANNEE)
    annexe.refresh_from_db()
    assert (annexe.etat, annexe.montant_total) == ("revue", Decimal("62792.64"))
    assert Version.objects.get(convention=convention, rang=1).termes.postes == Decimal("10.5")
    assert Tache.objects.get(code="conventions.lot").libelle == "2\xa0annexes 2027 : saisir dans l’extranet"
    for rang, a in enumerate(AnnexeFinanciere.objects.order_by("pk")):
        client.post(url("annexe_saisir", a.convention.reference, a.pk), {"numero": f"aci 044-26 001{rang} a1m0"})
    assert not Tache.objects.filter(code="conventions.lot", faite_le=None).exists()


def test_les_feuilles_de_saisie_portent_tout_ce_que_l_extranet_demande_sans_les_exceptions(
    client, departement, premiere
):
    partielle(departement)
    preparer(client, departement)
    page = lire(client, url("feuilles", departement.pk, ANNEE))
    assert page.count('<section class="cv-feuille"') == 1
    for dit in (str(premiere.structure.id_asp), "23\u202f921,00", "287\u202f052,00", "Emploi durable", "62,00"):
        assert dit in page
    assert "1\xa0annexe reste à revoir" in page


def test_plusieurs_cofinanceurs_se_revoient_nommes_et_aucun_ne_manque_a_la_feuille_ni_a_l_export(client, departement):
    """The extract of the ASP has one co-financed amount by annexe: who keys it sees each part and their total."""
    parts = (
        Cofinancement("424242", "Département fictif", Decimal(2), Decimal(47842)),
        Cofinancement("ville", "Ville fictive", None, Decimal("500.5")),
    )
    OrganisationFactory(pk=424242, nom="Département fictif")
    c = convention_en_cours(
        structure=StructureFactory(departement=departement), termes=replace(TERMES, cofinancements=parts)
    )
    preparer(client, departement)
    annexe = AnnexeFinanciere.objects.get(convention=c)
    assert (annexe.etat, annexe.motif) == (
        "exception",
        "plusieurs cofinanceurs pour un seul montant cofinancé à saisir",
    )
    page = lire(client, url("annexe", c.reference, annexe.pk))
    dits = ("un seul montant à saisir", "Département fictif", "47 842,00 €, 2,00 ETP", "Ville fictive", "500,50 €",
            "48 342,50 €", "À confirmer auprès de l’ASP")  # fmt: skip
    assert [dit for dit in dits if dit not in " ".join(page.split())] == []
    client.post(url("annexe", c.reference, annexe.pk), {"postes": "12", "unitaire": "23921"})
    feuille = " ".join(lire(client, url("feuilles", departement.pk, ANNEE)).split())
    assert "<dd>Département fictif, 47 842,00 € ; Ville fictive, 500,50 € ; ensemble, 48 342,50 €" in feuille
    (rang,) = [r for r in rangs(annexes_du_lot(SYSTEME, departement.pk, ANNEE)) if r[0] == c.reference]
    assert rang[14:16] == ["Département fictif ; Ville fictive", Decimal("48342.5")]


def test_un_seul_cofinanceur_n_est_pas_une_exception(client, departement):
    part = Cofinancement("ville", "Ville fictive", None, Decimal(500))
    c = convention_en_cours(
        structure=StructureFactory(departement=departement), termes=replace(TERMES, cofinancements=(part,))
    )
    preparer(client, departement)
    annexe = AnnexeFinanciere.objects.get(convention=c)
    assert annexe.etat == "preparee"
    assert "Plusieurs cofinanceurs" not in lire(client, url("annexe", c.reference, annexe.pk))
    feuille = " ".join(lire(client, url("feuilles", departement.pk, ANNEE)).split())
    assert "<dd>Ville fictive, 500,00 € </dd>" in feuille


def test_l_export_du_lot_n_est_pas_tronque_et_suit_le_filtre(client, departement, premiere):
    for _ in range(30):
        convention_en_cours(structure=StructureFactory(departement=departement))
    partielle(departement)
    preparer(client, departement)
    contenu = b"".join(client.get(url("lot_export", departement.pk, ANNEE, "csv")).streaming_content).decode(
        "utf-8-sig"
    )
    lignes = list(csv.DictReader(StringIO(contenu), delimiter=";" if ";" in contenu.splitlines()[0] else ","))
    assert len(lignes) == 32
    assert {"id_asp", "postes_etp", "montant_total", "taux_dynamique"} <= set(lignes[0])
    revoir = client.get(url("lot_export", departement.pk, ANNEE, "csv") + "?etat=exception")
    assert len(b"".join(revoir.streaming_content).splitlines()) == 2
    assert client.get(url("lot_export", departement.pk, ANNEE, "pdf")).status_code == 404


def test_la_page_du_lot_coute_autant_de_requetes_pour_un_lot_ou_pour_vingt(client, departement, premiere,
                                                                          django_assert_max_num_queries):  # fmt: skip
    preparer(client, departement)
    with django_assert_max_num_queries(40) as une:
        lire(client, url("lot", departement.pk, ANNEE))
    pour_une = len(une)
    for _ in range(12):
        convention_en_cours(structure=StructureFactory(departement=departement))
    preparer(client, departement)
    with django_assert_max_num_queries(pour_une):
        lire(client, url("lot", departement.pk, ANNEE))


def test_au_quatrieme_trimestre_le_service_est_invite_a_preparer_le_lot(departement, premiere):
    passer_le_jour(date(2026, 9, 30), maintenant=INSTANT)
    assert not Tache.objects.filter(code="conventions.lot").exists()
    assert passer_le_jour(date(2026, 10, 1), maintenant=INSTANT).comptes["lots"] == 1
    tache = Tache.objects.get(code="conventions.lot")
    assert tache.libelle == "1\xa0convention : préparer les annexes 2027"
    assert tache.echeance == date(2026, 12, 31)
    assert passer_le_jour(date(2026, 10, 2), maintenant=INSTANT).comptes["lots"] == 0


def test_le_choix_du_departement_est_celui_du_perimetre(roles, departement):
    reponse = roles[Role.DEPARTEMENTAL].client.get(url("lots"))
    assert reponse["Location"].startswith(url("lot", departement.pk, 2000)[:-5])
    DepartementFactory(region=departement.region)
    assert departement.nom in lire(roles[Role.REGIONAL].client, url("lots"))
