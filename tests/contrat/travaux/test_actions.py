"""Acts on the register: rights, journal, conflicts, pieces, and what the database itself refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q

from convenir.contrat.travaux import actions, queries, rules
from convenir.contrat.travaux.models import PieceDeTravail, Travail
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.documents.stockage import relire
from convenir.socle.journal.models import Entree
from convenir.socle.journal.queries import verifier
from tests.factories_comptes import acteurs_par_role
from tests.factories_dossiers import PDF, docx
from tests.factories_socle import MissionLocaleFactory, StructureFactory
from tests.factories_travaux import INSTANT, TravailFactory, de_la_mission_locale, ecrit

pytestmark = pytest.mark.django_db
LISENT = {Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.FRANCE_TRAVAIL, Role.FINANCEUR}


@pytest.fixture
def mission_locale():
    return MissionLocaleFactory()


@pytest.fixture
def personne(mission_locale):
    return de_la_mission_locale(mission_locale).acteur


@pytest.fixture
def inscrit(personne, mission_locale) -> Travail:
    return actions.ajouter(personne, mission_locale, ecrit(), maintenant=INSTANT)


def derniere() -> Entree:
    return Entree.objects.select_related("charge").order_by("-numero").first()


def test_inscrire_ecrit_et_journalise(inscrit, mission_locale, personne):
    assert (inscrit.mission_locale, inscrit.version, inscrit.modifie_par) == (mission_locale, 1, personne.auteur.nom)
    entree = derniere()
    assert entree.acte == "travaux.ajoute"
    assert entree.charge.apres["intitule"] == inscrit.intitule
    assert entree.charge.apres["etp"] == "0.20"
    assert entree.charge.apres["mission_locale"] == mission_locale.code


def test_un_travail_ne_s_inscrit_pas_deux_fois(inscrit, personne, mission_locale):
    with pytest.raises(EntreeInvalide, match="déjà au registre"):
        actions.ajouter(personne, mission_locale, ecrit(intitule=f" {inscrit.intitule} "), maintenant=INSTANT)
    actions.ajouter(personne, mission_locale, ecrit(debut=date(2026, 2, 1)), maintenant=INSTANT)
    assert Travail.objects.count() == 2


def test_une_saisie_fautive_n_ecrit_rien(personne, mission_locale):
    with pytest.raises(EntreeInvalide):
        actions.ajouter(personne, mission_locale, ecrit(genre="forum"), maintenant=INSTANT)
    assert not Travail.objects.exists()


def test_modifier_garde_l_avant_et_l_apres(inscrit, personne):
    lu = actions.modifier(personne, inscrit, ecrit(livrable="Carte"), version=1, maintenant=INSTANT)
    assert (lu.version, lu.livrable) == (2, "Carte")
    charge = derniere().charge
    assert (charge.avant["livrable"], charge.apres["livrable"]) == ("Rapport", "Carte")


def test_reecrire_la_meme_chose_ne_change_rien(inscrit, personne):
    avant = Entree.objects.count()
    actions.modifier(personne, inscrit, ecrit(), version=1, maintenant=INSTANT)
    assert Entree.objects.count() == avant
    assert Travail.objects.get().version == 1


def test_deux_personnes_ne_s_ecrasent_pas(inscrit, personne):
    actions.modifier(personne, inscrit, ecrit(livrable="Carte"), version=1, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="a modifié ce travail entre-temps"):
        actions.modifier(personne, inscrit, ecrit(livrable="Note"), version=1, maintenant=INSTANT)
    assert Travail.objects.get().livrable == "Carte"


def test_modifier_ne_prend_pas_la_place_d_un_autre(inscrit, personne, mission_locale):
    autre = actions.ajouter(personne, mission_locale, ecrit(intitule="Autre"), maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="déjà au registre"):
        actions.modifier(personne, autre, ecrit(), version=1, maintenant=INSTANT)


def test_un_travail_retire_ne_compte_plus_et_ne_change_plus(inscrit, personne, mission_locale):
    assert queries.decompte(personne, mission_locale, 2026).total == 1
    actions.retirer(personne, inscrit, "Inscrit deux fois.", maintenant=INSTANT)
    assert queries.decompte(personne, mission_locale, 2026).total == 0
    assert derniere().charge.apres == {"motif": "Inscrit deux fois."}
    with pytest.raises(ActionRefusee, match="est retiré du registre"):
        actions.modifier(personne, inscrit, ecrit(livrable="Carte"), version=1, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="est retiré du registre"):
        actions.joindre(personne, inscrit, "rapport.pdf", PDF, maintenant=INSTANT)
    actions.ajouter(personne, mission_locale, ecrit(), maintenant=INSTANT)
    assert verifier().valide


def test_un_retrait_sans_motif_est_refuse(inscrit, personne):
    with pytest.raises(EntreeInvalide, match="Dites pourquoi"):
        actions.retirer(personne, inscrit, " ", maintenant=INSTANT)
    assert Travail.objects.inscrits().exists()


def test_une_piece_est_controlee_sur_ses_octets(inscrit, personne):
    piece = actions.joindre(personne, inscrit, "rapport.pdf", PDF, maintenant=INSTANT)
    assert relire(piece.sha256, ".pdf") == PDF
    assert actions.joindre(personne, inscrit, "copie.pdf", PDF, maintenant=INSTANT) == piece
    with pytest.raises(EntreeInvalide, match="n'est pas un fichier lisible"):
        actions.joindre(personne, inscrit, "rapport.pdf", b"MZ programme", maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="est vide"):
        actions.joindre(personne, inscrit, "vide.pdf", b"", maintenant=INSTANT)
    with pytest.raises(EntreeInvalide, match="dépasse 10 Mo"):
        actions.joindre(personne, inscrit, "gros.pdf", PDF + b" " * 10_485_760 + b"%%EOF", maintenant=INSTANT)
    actions.joindre(personne, inscrit, "note.docx", docx(), maintenant=INSTANT)
    assert PieceDeTravail.objects.count() == 2


def test_cinq_pieces_au_plus_et_une_retiree_laisse_sa_place(inscrit, personne):
    jointes = [
        actions.joindre(personne, inscrit, f"{n}.pdf", PDF + b"%" * n + b"%%EOF", maintenant=INSTANT) for n in range(5)
    ]
    with pytest.raises(ActionRefusee, match="déjà 5 pièces"):
        actions.joindre(personne, inscrit, "note.docx", docx(), maintenant=INSTANT)
    actions.retirer_piece(personne, jointes[0], maintenant=INSTANT)
    assert derniere().acte == "travaux.piece_retiree"
    with pytest.raises(ActionRefusee, match="déjà retirée"):
        actions.retirer_piece(personne, jointes[0], maintenant=INSTANT)
    actions.joindre(personne, inscrit, "note.docx", docx(), maintenant=INSTANT)


def test_chacun_n_ecrit_que_dans_son_registre(inscrit):
    voisine = de_la_mission_locale(MissionLocaleFactory()).acteur
    with pytest.raises(ActionRefusee, match="autre mission locale"):
        actions.modifier(voisine, inscrit, ecrit(livrable="Carte"), version=1, maintenant=INSTANT)
    with pytest.raises(ActionRefusee, match="autre mission locale"):
        actions.ajouter(voisine, inscrit.mission_locale, ecrit(intitule="Autre"), maintenant=INSTANT)
    assert not Travail.objects.visibles_par(voisine).exists()


def test_seuls_l_etat_et_les_parties_lisent_et_aucun_n_ecrit(inscrit):
    gens = acteurs_par_role(StructureFactory(departement=inscrit.mission_locale.departement))
    lecteurs = {r for r, c in gens.items() if Travail.objects.visibles_par(c.acteur).exists()}
    assert lecteurs == LISENT
    assert {r for r, c in gens.items() if queries.decompte(c.acteur, inscrit.mission_locale, 2026)} == {
        *LISENT, *ROLES_STRUCTURE,
    }  # fmt: skip
    for role, connecte in gens.items():
        with pytest.raises(ActionRefusee):
            actions.retirer(connecte.acteur, inscrit, "Inscrit deux fois.", maintenant=INSTANT)
        assert queries.sienne(connecte.acteur) is None, role


@pytest.mark.parametrize(
    "faute",
    [
        {"genre": "forum"},
        {"axe": "3"},
        {"intitule": ""},
        {"territoire": ""},
        {"fin": date(2026, 1, 14)},
        {"etp": "-0.10"},
        {"genre": "partenariat", "partenaires": ""},
        {"retire_le": INSTANT},
        {"motif_retrait": "Inscrit deux fois."},
    ],
)
def test_la_base_refuse_elle_aussi(faute):
    with pytest.raises(IntegrityError), transaction.atomic():
        TravailFactory(**faute)


def test_la_requete_d_une_annee_dit_comme_la_regle():
    bornes = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)]
    mission_locale = MissionLocaleFactory()
    for debut in bornes:
        for fin in [None, *(b for b in bornes if b >= debut)]:
            TravailFactory(mission_locale=mission_locale, debut=debut, fin=fin)
    for annee in range(2024, 2028):
        attendus = {t.pk for t in Travail.objects.all() if rules.touche_lannee(t.debut, t.fin, annee)}
        assert set(Travail.objects.de_lannee(annee).values_list("pk", flat=True)) == attendus, annee


def test_la_recherche_ignore_accents_et_casse():
    TravailFactory(intitule="Décrocheurs de l'Île", partenaires="Lycée Émile fictif")
    assert Travail.objects.rechercher("decrocheurs ILE").exists()
    assert Travail.objects.rechercher("emile").exists()
    assert not Travail.objects.rechercher("emile absent").exists()
    assert Travail.objects.filter(~Q(recherche="")).count() == 1


@pytest.mark.parametrize(
    ("fin", "dite"),
    [
        (None, "depuis le 15 janvier 2026"),
        (date(2026, 1, 15), "le 15 janvier 2026"),
        (date(2026, 6, 30), "du 15 janvier 2026 au 30 juin 2026"),
    ],
)
def test_la_periode_se_dit(fin, dite):
    assert Travail(debut=date(2026, 1, 15), fin=fin).periode.replace("\xa0", " ") == dite
