"""Les pages des décisions défavorables et de la procédure de manquement, de la lettre aux sommes à recouvrer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from convenir.contrat.conventions.actions import Lettre, engager_manquement, notifier, recevoir_recours, refuser
from convenir.contrat.conventions.models import Convention, Decision, Manquement, Piece
from convenir.contrat.conventions.queries.decisions import horloge
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import INSTANT, SYSTEME, fichier, monde, pdf
from tests.contrat.conventions.test_decisions import PROJET
from tests.factories_comptes import AdhesionFactory, acteurs_par_role, connecter
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import ServiceNationalFactory

pytestmark = pytest.mark.django_db
DECISION = {
    "faits": "Faits établis", "articles": "R. 5132-5", "signataire": "Camille Fictive", "qualite": "Directrice",
    "voies": "Recours dans les deux mois",
}  # fmt: skip


def en_jour(quand: date) -> str:
    return f"{quand:%d/%m/%Y}"


def envoi(nom: str = "avis-de-reception.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, pdf(), content_type="application/pdf")


@pytest.fixture
def roles():
    return acteurs_par_role()


@pytest.fixture
def client(roles):
    return roles[Role.DEPARTEMENTAL].client


@pytest.fixture
def structure(roles):
    from convenir.socle.organisations.models import Structure

    return Structure.objects.get()


@pytest.fixture
def refusee(structure) -> Decision:
    return refuser(SYSTEME, monde(structure).convention(), PROJET, maintenant=INSTANT)


def adresse(nom: str, decision: Decision) -> str:
    return reverse(f"conventions:{nom}", args=[decision.convention.reference, decision.pk])


def lire(client, url: str) -> str:
    reponse = client.get(url)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_une_decision_va_de_la_notification_au_recours_puis_a_sa_reponse_par_les_pages(client, refusee):
    page = lire(client, adresse("decision", refusee))
    assert "Notification à enregistrer" in page
    assert "Au plus tard le 17\xa0février\xa02026" in page
    assert client.post(adresse("notifier", refusee), {"jour": "05/02/2026"}).status_code == 400, "sans preuve, rien"
    client.post(adresse("notifier", refusee), {"jour": "05/02/2026", "preuve": envoi()})
    assert Decision.objects.get().notifiee_le == date(2026, 2, 5)
    assert Piece.objects.get(genre="notification").nom == "avis-de-reception.pdf"
    client.post(adresse("recours", refusee), {"jour": "01/03/2026", "objet": "Nouveau plan"})
    page = lire(client, adresse("decision", refusee))
    assert "Réponse attendue avant le" in page
    assert "1er\xa0mai\xa02026" in page
    client.post(adresse("repondre", refusee), {"jour": "20/03/2026", "accueilli": "oui", "reponse": "Éléments neufs"})
    assert Convention.objects.get().etat == "en_instruction"
    assert "Recours accueilli" in lire(client, adresse("decision", refusee))


def test_l_horloge_dit_si_un_recours_est_encore_possible(refusee):
    notifier(SYSTEME, refusee, jour=date(2026, 2, 5), preuve=fichier(), maintenant=INSTANT)
    assert horloge(refusee, date(2026, 4, 5))[-1].dit == "Un recours est encore possible."
    assert horloge(refusee, date(2026, 4, 6))[-1].dit.endswith("la décision est définitive.")
    recevoir_recours(SYSTEME, refusee, "Réexamen", jour=date(2026, 3, 1))
    assert horloge(refusee, date(2026, 5, 2))[-1].dit == "Sans réponse, le recours est rejeté."


def test_la_structure_lit_la_decision_mais_n_y_ecrit_rien(roles, refusee):
    direction = roles[Role.DIRECTION_STRUCTURE].client
    page = lire(direction, adresse("decision", refusee))
    assert "Le projet ne dit rien" in page
    assert adresse("notifier", refusee) not in page
    assert direction.post(adresse("notifier", refusee)).status_code == 403


def test_le_manquement_par_les_pages_lettre_observations_resiliation_puis_sommes_a_recouvrer(roles, client, structure):
    convention = convention_en_cours(structure=structure)
    jour = timezone.localdate() - timedelta(days=40)
    page = reverse("conventions:manquement", args=[convention.reference])
    assert "Engager la procédure" in lire(client, page)
    lettre = {"faits": "Postes non pourvus", "articles": "R. 5132-5", "jour": en_jour(jour), "numero": "1A 222"}
    client.post(reverse("conventions:acte", args=[convention.reference, "engager_manquement"]),
                lettre | {"fichier": envoi("lettre.pdf")})  # fmt: skip
    assert Piece.objects.get(genre="courrier").nom == "lettre.pdf"
    direction = roles[Role.DIRECTION_STRUCTURE].client
    assert "Écrire les observations" in lire(direction, page)
    direction.post(reverse("conventions:observations", args=[convention.reference]),
                   {"texte": "Recrutements en cours", "fichier": envoi("contrats.pdf")})  # fmt: skip
    assert Piece.objects.get(genre="observations").nom == "contrats.pdf"
    assert "Recrutements en cours" in lire(client, page)
    resilier = reverse("conventions:acte", args=[convention.reference, "resilier"])
    assert "Postes non pourvus" in lire(client, resilier), "la décision part des faits de la lettre"
    aujourdhui = en_jour(timezone.localdate())
    client.post(resilier, DECISION | {"jour": aujourdhui})
    assert Manquement.objects.get().decision.genre == "resiliation"
    reprendre = reverse("conventions:reprendre_sommes", args=[convention.reference])
    assert client.post(reprendre, DECISION | {"jour": aujourdhui}).status_code == 400, "une reprise a son montant"
    client.post(reprendre, DECISION | {"jour": aujourdhui, "montant": "812.40"})
    assert "812,40" in lire(client, page)


def test_les_observations_s_attendent_au_moins_un_mois_plus_si_le_service_le_veut(structure):
    convention = convention_en_cours(structure=structure)
    courte = Lettre("Faits", "R. 5132-5", date(2026, 3, 2), "1A", avant=date(2026, 4, 1))
    with pytest.raises(EntreeInvalide, match="au moins un mois"):
        engager_manquement(SYSTEME, convention, courte, maintenant=INSTANT)
    longue = Lettre("Faits", "R. 5132-5", date(2026, 3, 2), "1A", avant=date(2026, 5, 1))
    assert engager_manquement(SYSTEME, convention, longue, maintenant=INSTANT).observations_avant == date(2026, 5, 1)


def test_le_lien_vers_une_reprise_attend_qu_un_acte_ait_ete_signe(client, refusee, structure):
    reprendre = reverse("conventions:reprendre_sommes", args=[refusee.convention.reference])
    page = lire(client, refusee.convention.get_absolute_url())
    assert "Décisions et procédure" in page
    assert reprendre not in page, "rien n'a été versé : il n'y a rien à reprendre"
    signee = convention_en_cours(structure=structure, debut=date(2020, 1, 1), fin=date(2023, 1, 1))
    Decision.objects.filter(pk=refusee.pk).update(convention=signee)
    reprendre = reverse("conventions:reprendre_sommes", args=[signee.reference])
    assert reprendre in lire(client, signee.get_absolute_url())


def test_la_reprise_d_une_convention_suspendue_part_de_l_avenant_non_signe(client, structure):
    convention = convention_en_cours(structure=structure)
    Convention.objects.filter(pk=convention.pk).update(
        etat="suspendu", etat_precedent="en_cours", suspendue_le=date(2027, 6, 1)
    )
    page = lire(client, reverse("conventions:reprendre_sommes", args=[convention.reference]))
    assert "R. 5132-29-1" in page
    assert "suspendus depuis le 01/06/2027" in page


def test_une_convention_resiliee_ou_expiree_ne_dit_plus_que_ses_termes_s_appliquent():
    national = connecter(AdhesionFactory(organisation=ServiceNationalFactory(), role=Role.NATIONAL)).client
    for etat, dit in (("resilie", "1er mars 2026"), ("expire", "31 décembre 2028")):
        convention = convention_en_cours(etat_depuis=date(2026, 3, 1))
        Convention.objects.filter(pk=convention.pk).update(etat=etat)
        page = national.get(convention.get_absolute_url()).content.decode().replace("\u00a0", " ")
        assert "Ce qui s’appliquait" in page
        assert f"se sont appliqués jusqu’au {dit}" in page
        assert "en vigueur" not in page
