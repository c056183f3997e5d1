"""What a fiche bilan says, on figures counted by hand in `fabrique.py` and `mini_monde.py`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs
from convenir.restitution.fiches import assemblage, document, export_json, graphiques, phrases, sections
from convenir.restitution.fiches.lectures import AU_DESSOUS, AU_DESSUS, INSUFFISANTES, NON_DISTINGUABLE, lire_taux
from convenir.restitution.fiches.modele import FicheBilan, ResultatAnnuel
from convenir.restitution.fiches.secret import DEDUCTIBLES, masquer
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import Role
from convenir.socle.documents.contextes import Repere
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation import actions as droit
from convenir.socle.reglementation.models import ParametreLocal
from tests.restitution.fabrique import DENOMINATION
from tests.socle.reglementation.factories import saisie_priorite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
ANNEES = (2025, 2024, 2023)


def lire(acteur, code: str = "100006-ACI", annee: int = 2025) -> FicheBilan:
    """Assemble the fiche of a structure of the world."""
    id_asp, _, categorie = code.partition("-")
    return assemblage.assembler(acteur, assemblage.trouver(acteur, int(id_asp), categorie), annee)


def page(connecte, code: str = "100006-ACI") -> str:
    """The page, spaces made plain."""
    reponse = connecte.client.get(f"/structures/{code}/", {"annee": "2025"})
    assert reponse.status_code == 200
    return " ".join(reponse.content.decode().replace("\xa0", " ").replace("\u202f", " ").split())


# ------------------------------------------------------------------------------------------------ objectifs


def test_ce_qui_manque_est_un_nombre_de_personnes(systeme):
    """60 % of 12 exits is 7,2: eight are needed, six are there."""
    par_type = {ligne.code: ligne for ligne in lire(systeme).objectifs}
    assert {c: (x.courant.resultat.effectif, x.courant.objectif, x.courant.manque) for c, x in par_type.items()} == {
        "durable": ("4 sur 12", 25, 0),
        "transition": ("1 sur 12", 20, 2),
        "positive": ("1 sur 12", 15, 1),
        "dynamique": ("6 sur 12", 60, 2),
    }
    assert par_type["dynamique"].courant.ecart == -10
    assert [r.resultat.effectif for r in par_type["dynamique"].annees] == ["6 sur 12", "2 sur 5", ""]


@pytest.mark.parametrize(
    ("objectif", "numerateur", "denominateur", "manque"),
    [("50", 4, 9, 1), ("50", 5, 10, 0), ("33.34", 3, 9, 1), ("0.01", 0, 1, 1), ("100", 9, 9, 0), ("60", 12, 12, 0)],
)
def test_la_personne_entiere_suivante(objectif, numerateur, denominateur, manque):
    taux = Valeur(
        "x", "", "", "2025", D(numerateur), D(denominateur), D(100 * numerateur) / denominateur, "disponible"
    )
    assert ResultatAnnuel(2025, taux, D(objectif)).manque == manque


def test_sans_objectif_saisi_rien_ne_manque(systeme):
    """100005: every rate of the annexe is 0, which means that none was entered."""
    fiche = lire(systeme, "100005-ACI")
    assert [x.courant.objectif for x in fiche.objectifs] == [None] * 4
    assert [(x.courant.manque, x.courant.ecart, x.lecture) for x in fiche.objectifs] == [(None, None, "")] * 4
    assert "Aucun objectif n’est saisi" in phrases.objectifs(fiche)
    assert "Objectifs de sortie de 2025" in [m.quoi for m in fiche.manques]


def test_sans_sortie_le_taux_n_est_pas_calculable(systeme):
    """100001 in 2024: nothing. 100002-EI's neighbour: an annexe without exit is made by keeping no exit."""
    vide = Valeurs.de("siae", "1-ACI", [
        Valeur("iae.sorties.taux_dynamique", "", "", "2025", D(0), D(0), None, Statut.NON_CALCULABLE, unite="%"),
        Valeur("iae.objectifs.dynamique", "", "", "2025", D(60), None, D(60), Statut.DISPONIBLE, unite="%"),
    ])  # fmt: skip
    ligne = sections.lignes_objectifs(vide, ANNEES, {}, (10, 30))[-1]
    assert (ligne.courant.texte, ligne.lecture, ligne.courant.manque) == ("non calculable", INSUFFISANTES, None)
    fiche = replace(lire(systeme), objectifs=(ligne,))
    assert phrases.objectifs(fiche) == "En 2025, aucune sortie n’est examinée : le taux n’est pas calculable."
    assert phrases.detail_taux(ligne) == "Aucune sortie examinée."


@pytest.mark.parametrize(
    ("objectif", "intervalle", "effectif", "lecture"),
    [
        (None, (D(1), D(2)), 50, ""),
        (D(60), None, 0, INSUFFISANTES),
        (D(60), (D(70), D(90)), 9, INSUFFISANTES),
        (D(60), (D(61), D(90)), 50, AU_DESSUS),
        (D(60), (D(10), D(59)), 50, AU_DESSOUS),
        (D(60), (D(60), D(90)), 50, NON_DISTINGUABLE),
    ],
)
def test_quatre_mots_de_lecture(objectif, intervalle, effectif, lecture):
    assert lire_taux(objectif, intervalle, effectif, 10) == lecture


def test_aucun_autre_mot_de_lecture_dans_les_fiches(systeme):
    mots = {x.lecture for s in Structure.objects.all() for x in lire(systeme, s.code).objectifs}
    assert mots <= {"", AU_DESSUS, AU_DESSOUS, NON_DISTINGUABLE, INSUFFISANTES}
    assert {INSUFFISANTES, NON_DISTINGUABLE} <= mots


# ------------------------------------------------------------------------------------------------ sorties


def test_les_familles_font_les_sorties_examinees(systeme):
    fiche = lire(systeme)
    familles = {f.code: f for f in fiche.familles}
    assert {c: f.effectifs for c, f in familles.items()} == {
        "durable": (4, 2, None), "transition": (1, 0, None), "positive": (1, 0, None), "autre": (6, 3, None),
        "exclue": (1, 0, None),
    }  # fmt: skip
    assert [(m.libelle, m.effectifs) for m in familles["autre"].motifs] == [
        ("Au chômage", (5, 3, None)),
        ("Motif non renseigné", (1, 0, None)),
    ]
    assert fiche.constatees.valeur == 13


def test_les_comptes_se_referment_pour_chaque_structure(systeme):
    for structure in Structure.objects.all():
        fiche = lire(systeme, structure.code)
        examinees = sum(f.effectifs[0] or 0 for f in fiche.familles if f.code != "exclue")
        ecartees = next(f for f in fiche.familles if f.code == "exclue")
        assert examinees == fiche.examinees[0].valeur, structure
        assert ecartees.effectifs[0] == fiche.constatees.valeur - fiche.examinees[0].valeur, structure
        for famille in fiche.familles:
            assert sum(m.effectifs[0] or 0 for m in famille.motifs) == famille.effectifs[0], (structure, famille)


def test_une_annee_sans_fichier_n_est_pas_une_annee_sans_sortie(systeme):
    """2023 is not loaded: « n. d. », never 0."""
    fiche = lire(systeme)
    assert {f.effectifs[2] for f in fiche.familles} == {None}
    assert fiche.examinees[2].texte.replace("\u202f", " ") == "n. d."
    assert document.donnees(fiche).sorties.familles[0].valeurs[0].replace("\u202f", " ") == "n. d."


def test_un_motif_reconnu_localement_change_de_famille():
    """The same reason is in two families when a local definition began during the year."""

    def compte(code, motif, n):
        return Valeur(
            f"iae.sorties.{code}", "motif_sortie" if motif else "", motif, "2025", D(n), None, D(n), "disponible"
        )

    lues = [compte("constatees", "", 5), compte("positive", "", 2), compte("positive", "6", 2), compte("autre", "", 3),
            compte("autre", "6", 3)]  # fmt: skip
    instantane = Instantane(motifs={"6": {"libelle": "Sans emploi", "categorie": "autre"}})
    familles = {f.code: f for f in sections.familles(Valeurs.de("siae", "x", lues), ANNEES, instantane)}
    assert [(m.libelle, m.effectifs[0]) for m in familles["positive"].motifs] == [("Sans emploi", 2)]
    assert [(m.libelle, m.effectifs[0]) for m in familles["autre"].motifs] == [("Sans emploi", 3)]


# ------------------------------------------------------------------------------------------------ petits effectifs


def test_sous_dix_sorties_les_personnes_avant_le_taux(systeme, personnes):
    """100001: one of three. On the page, on the document, in the sentence."""
    fiche = lire(systeme, "100001-ACI")
    assert phrases.objectifs(fiche).startswith("En 2025, 1 sur 3\xa0personnes sorties a une sortie dynamique.")
    assert fiche.dynamique.courant.texte == "1 sur 3"
    lignes = document.donnees(fiche).objectifs.lignes
    assert [ligne.resultat for ligne in lignes] == ["1 sur 3", "1 sur 3", "0 sur 3", "0 sur 3"]
    assert lignes[0].effectif == "33,3\xa0%"
    lue = page(personnes[Role.NATIONAL], "100001-ACI")
    tete = lue[lue.index('class="cv-essentiel"') : lue.index("Chaque chiffre souligné")]
    assert "1 sur 3" in tete
    assert "33,3" not in tete


def test_sous_dix_sorties_meme_sans_objectif(systeme):
    fiche = lire(systeme, "100005-ACI")
    assert fiche.dynamique.courant.peu
    assert "%" not in phrases.objectifs(fiche)
    assert fiche.comparaisons[0].texte == "0 sur 1"


def test_a_partir_de_dix_le_taux_et_son_effectif(systeme):
    fiche = lire(systeme)
    assert (fiche.dynamique.courant.texte, fiche.dynamique.courant.detail) == ("50,0\xa0%", "6 sur 12")
    assert "6 sur 12\xa0sorties sont dynamiques, soit 50,0\xa0%" in phrases.objectifs(fiche)
    assert fiche.dynamique.annees[1].texte == "2 sur 5", "une année passée aussi"


def test_sous_trente_sorties_les_annees_se_lisent_aussi_ensemble(systeme, personnes):
    """100006: 6 of 12 in 2025, 2 of 5 in 2024; thirty exits and more need no such help."""
    fiche = lire(systeme)
    lue = fiche.dynamique.triennale
    assert (lue.debut, lue.fin, lue.numerateur, lue.denominateur) == (2024, 2025, 8, 17)
    phrase = phrases.triennale(fiche)
    assert phrase.startswith("Avec si peu de sorties, lisez aussi les années ensemble : de 2024 à 2025, 8 sur 17")
    assert "(47,1\xa0%) ont une sortie dynamique" in phrase
    assert "8 sur 17 personnes sorties (47,1 %) ont une sortie dynamique" in page(personnes[Role.NATIONAL])
    assert phrase in document.donnees(fiche).objectifs.note
    en_json = {ligne["code"]: ligne for ligne in export_json.en_dictionnaire(fiche)["lecture_triennale"]}
    assert en_json["iae.sorties.taux_dynamique"] == {
        "code": "iae.sorties.taux_dynamique", "periode": "2024-2025", "numerateur": "8", "denominateur": "17",
        "valeur": "47.058824",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("par_an", "attendu"),
    [
        (((4, 9), (3, 6), (1, 4)), (8, 19, False)),
        (((1, 3), (1, 2), (0, 1)), (2, 6, True)),
        (((4, 9), (0, 0), None), None),
        (((4, 9), None, None), None),
        (((0, 0), (3, 6), None), (3, 6, True)),
    ],
    ids=str,
)
def test_la_lecture_triennale(par_an, attendu):
    def resultat(rang: int, comptes: tuple[int, int] | None) -> ResultatAnnuel:
        n, d = comptes or (None, None)
        valeur = Valeur("iae.sorties.taux_dynamique", "", "", str(2025 - rang), n, d, None, "disponible")
        return ResultatAnnuel(2025 - rang, valeur, None)

    lue = sections.lecture_triennale(tuple(resultat(r, c) for r, c in enumerate(par_an)), 10)
    assert (lue and (lue.numerateur, lue.denominateur, lue.peu)) == attendu


def test_dans_la_liste_les_personnes_avant_le_taux(personnes):
    lue = personnes[Role.NATIONAL].client.get("/structures/", {"annee": "2025"}).content.decode()
    assert "1 sur 3" in lue
    assert "33,3" not in lue
    assert "50,0\xa0%" in lue


# ------------------------------------------------------------------------------------------------ activité


def test_l_activite_d_une_annee_entiere(systeme):
    a = lire(systeme).activite
    assert (a.dernier_mois, a.taux.periode, a.realises.valeur) == (12, "2025", D("9.560440"))
    assert a.mois_manquants == ()
    assert [m.realise is not None for m in a.mois] == [True] * 12


def test_l_activite_a_date(systeme):
    """Files closed at the end of June: 21 × 100 hours × 6 months of 1 820 hours, on half of twelve ETP."""
    Instantane.objects.update(arrete_au=date(2025, 6, 30))
    fiche = lire(systeme)
    a = fiche.activite
    assert (a.dernier_mois, a.taux.periode, a.conventionnes.valeur) == (6, "2025-06-cumul", 6)
    assert a.realises.valeur == D("6.923077")
    assert phrases.activite(fiche).startswith(
        "De janvier à juin 2025, 6,92\xa0ETP ont été réalisés sur 6,00 conventionnés"
    )
    assert phrases.a_fin(fiche) == "À fin juin 2025"
    assert fiche.arretee_le == date(2025, 6, 30)
    assert fiche.comparaisons[2].structure.periode == "2025-06-cumul"


def test_une_annee_qui_n_a_pas_commence(systeme):
    Instantane.objects.update(arrete_au=date(2024, 12, 31))
    fiche = lire(systeme)
    assert fiche.activite.dernier_mois == 0
    assert fiche.activite.mois_manquants == ()
    assert "n’est pas connue" in phrases.activite(fiche)


def test_les_mois_sans_saisie_sont_nommes(systeme):
    """100004 stopped entering in September."""
    fiche = lire(systeme, "100004-ETTI")
    assert fiche.activite.mois_manquants == (10, 11, 12)
    manque = next(m for m in fiche.manques if m.quoi.startswith("États mensuels"))
    assert manque.quoi == "États mensuels : octobre, novembre et décembre 2025"


def test_un_mois_hors_de_l_annexe_n_est_pas_manquant(systeme):
    """The ACI of 100002 began on 1 April."""
    fiche = lire(systeme, "100002-ACI")
    assert fiche.activite.mois_manquants == ()
    assert [m.conventionne for m in fiche.activite.mois[:3]] == [None] * 3


# ------------------------------------------------------------------------------------------------ secret


def marques(fiche: FicheBilan) -> dict[str, tuple[str, ...]]:
    return {
        p.ventilation: (p.effectifs[0].statut, p.part.statut, p.departement.statut)
        for p in fiche.publics
        if p.ventilation in ("aah", "rqth")
    }


def test_l_etat_et_la_structure_voient_les_marques(personnes):
    for role, connecte in personnes.items():
        if connecte.acteur.peut(Capacite.VOIR_MARQUES_SENSIBLES):
            fiche = lire(connecte.acteur)
            assert {p.effectifs[0].valeur for p in fiche.publics if p.ventilation == "aah"} == {3}, role
            assert set(marques(fiche)["aah"]) == {"disponible"}, role


@pytest.mark.parametrize("role", [Role.FRANCE_TRAVAIL, Role.FINANCEUR, Role.MEMBRE_CDIAE])
def test_les_autres_ne_retrouvent_pas_un_petit_effectif(personnes, role):
    """AAH: 3, hidden with its share; RQTH: 6, shown; the département gives back neither."""
    fiche = lire(personnes[role].acteur)
    assert marques(fiche) == {
        "aah": ("secret", "secret", "secret"),
        "rqth": ("disponible", "disponible", "secret"),
    }
    aah = next(p for p in fiche.publics if p.ventilation == "aah")
    for valeur in (*aah.effectifs, aah.part, aah.departement):
        if valeur.statut == Statut.SECRET:
            assert (valeur.numerateur, valeur.denominateur, valeur.valeur, valeur.exclus) == (None,) * 4
    imprime = json.dumps(export_json.en_dictionnaire(fiche))
    assert '"ventilation": "aah"' in imprime
    for indicateur in json.loads(imprime)["indicateurs"]:
        if indicateur["ventilation"] == "aah" and indicateur["periode"] == "2025":
            assert (indicateur["statut"], indicateur["valeur"], indicateur["numerateur"]) == ("secret", None, None)
    niveaux = {v.indicateur: v.statut for _, v in fiche.eligibilite}
    assert niveaux["iae.eligibilite.critere_niveau_1"] == Statut.SECRET, "l'AAH en est le seul critère ici"
    assert "14,3" not in page(personnes[role])
    adresse = "/structures/100006-ACI/chiffres/iae.eligibilite.critere_niveau_1/"
    assert personnes[role].client.get(adresse, {"periode": "2025"}).status_code == 404
    assert personnes[Role.SIGNATAIRE].client.get(adresse, {"periode": "2025"}).status_code == 200


def test_tout_compte_de_un_a_quatre_est_masque(systeme):
    valeurs = indicateurs.valeurs(indicateurs.instantane_courant(2025), "siae", "100006-ACI")
    vues, autour = masquer(valeurs, {"departement": ("Vendée", valeurs), "france": ("France", valeurs)}, 5)
    for v in vues:
        if v.ventilation in ("aah", "rqth"):
            assert v.numerateur is None or not 0 < v.numerateur < 5
    assert {v.statut for v in autour["departement"][1] if v.ventilation in ("aah", "rqth")} == {Statut.SECRET}
    assert autour["france"][1] is valeurs
    cles = {v.cle for v in valeurs} - {v.cle for v in vues if v.statut == Statut.SECRET}
    lus = {v.cle: v for v in valeurs}
    assert all({v.cle: v for v in vues}[cle] == lus[cle] for cle in cles)
    caches = {v.cle[:2] for v in vues if v.statut == Statut.SECRET}
    assert {indicateur for indicateur, ventilation in caches if not ventilation} == DEDUCTIBLES
    assert ("iae.publics.presents", "aah") in caches
    assert vues.get("iae.eligibilite.critere_niveau_1", "2024").est_disponible, "rien n'est caché en 2024"


# ------------------------------------------------------------------------------------------------ comparaison


def test_un_groupe_trop_petit_ne_se_montre_qu_a_l_etat(personnes):
    """Two ACI in Vendée: the State reads the group, the structure and its partners do not."""
    for role in (Role.DEPARTEMENTAL, Role.REGIONAL, Role.NATIONAL, Role.SIGNATAIRE):
        boite = lire(personnes[role].acteur).comparaisons[0].lignes[0]
        assert (boite.effectif, boite.mediane) == (2, 0), role
    for role in (Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE, Role.FINANCEUR):
        boite = lire(personnes[role].acteur).comparaisons[0].lignes[0]
        assert (boite.q1, boite.mediane, boite.q3, boite.mention) == (None, None, None, "trop peu de structures"), role
        assert "trop peu de structures" in page(personnes[role])


def test_un_territoire_non_charge_est_dit(systeme, personnes):
    fiche = lire(systeme)
    assert [(b.niveau, b.mention) for b in fiche.comparaisons[0].lignes[1:]] == [
        ("region", "n. d."),
        ("france", "n. d."),
    ]
    assert phrases.france(fiche) == "France : n. d., seulement 2\xa0départements sont chargés."
    assert {p.france.statut for p in fiche.publics} == {Statut.MANQUANT}
    assert "France : n. d., seulement 2 départements sont chargés." in page(personnes[Role.NATIONAL])


def test_le_taux_national_importe_se_lit_sans_repartition(systeme):
    """Aggregates of the country give the rate of a category, not the spread of its structures."""
    taux = "iae.sorties.taux_dynamique"
    importe = Valeur(taux, "categorie", "ACI", "2025", D(5400), D(10000), D(54), Statut.DISPONIBLE, "pourcent")
    france, vide = Valeurs.de("france", "FR", [importe]), Valeurs.de("departement", "85", [importe])
    comparees = sections.comparaisons(
        vide, [("departement", "Vendée", vide), ("france", "France", france)], "ACI", 2025, "2025", 3, 10
    )
    departement, pays = comparees[0].lignes
    assert (departement.ensemble, departement.mention) == (None, "n. d."), "un groupe du département reste couvert"
    assert pays.ensemble == importe
    assert comparees[1].lignes[1].mention == "n. d.", "aucun taux durable importé"
    fiche = replace(lire(systeme), comparaisons=comparees)
    assert phrases.comparaison(replace(lire(systeme), comparaisons=(replace(comparees[0]),))) == (
        "Aucun groupe de comparaison n’est assez grand, ou n’est chargé. "
        "France : taux de l’ensemble des ACI, importé ; leur répartition n’est pas connue."
    )
    imprimee = document.donnees(fiche).comparaison
    assert imprimee is not None
    assert imprimee.lignes[0].reperes[1] == Repere(importe.texte, "l’ensemble")


# ------------------------------------------------------------------------------------------------ barème


def test_l_ecart_au_bareme_est_une_information(systeme, personnes):
    """The annexe carries the amount of 2024; the scale of the ACI on 1 January 2025 is that of November 2024."""
    fiche = lire(systeme)
    lu = fiche.bareme
    assert (lu.code, lu.valeur, lu.debut) == ("iae.socle.ACI", 23921, date(2024, 11, 1))
    assert lu.ecart == fiche.annexe.montant_unitaire - 23921
    autre = replace(fiche, bareme=replace(lu, ecart=D("-463")))
    assert phrases.bareme(autre).endswith("\u202f921\xa0€, à confirmer ; l’annexe porte 463\xa0€ de moins.")
    assert "Barème depuis le 1er novembre 2024 : 23 921 €" in page(personnes[Role.NATIONAL])
    assert export_json.en_dictionnaire(fiche)["convention"]["bareme"]["valeur"] == "23921"
    assert lire(systeme, "100004-ETTI").bareme.code == "iae.socle.ETTI"


# ------------------------------------------------------------------------------------------------ JSON, trouver


def test_la_forme_du_json(systeme):
    lu = json.loads(json.dumps(export_json.en_dictionnaire(lire(systeme))))
    assert {"structure", "convention", "indicateurs", "alertes", "manquants", "instantane"} <= lu.keys()
    cles = {"code", "periode", "numerateur", "denominateur", "valeur", "statut", "objectif", "reference_nationale"}
    assert all(cles <= i.keys() for i in lu["indicateurs"])
    assert {"sha256", "fichiers"} <= lu["instantane"].keys()
    assert lu["structure"]["denomination"] == DENOMINATION
    par_cle = {(i["code"], i["periode"], i["ventilation"], i["modalite"]): i for i in lu["indicateurs"]}
    assert len(par_cle) == len(lu["indicateurs"]), "chaque valeur une fois"
    taux = par_cle["iae.sorties.taux_dynamique", "2025", "", ""]
    assert taux == {
        "code": "iae.sorties.taux_dynamique", "ventilation": "", "modalite": "", "periode": "2025", "numerateur": "6",
        "denominateur": "12", "valeur": "50.000000", "statut": "disponible", "objectif": "60.000000",
        "reference_nationale": taux["reference_nationale"],
    }  # fmt: skip
    assert D(taux["reference_nationale"]) == 60
    for indicateur in lu["indicateurs"]:
        assert (indicateur["valeur"] is None) == (indicateur["statut"] != "disponible")
        for champ in ("numerateur", "denominateur", "valeur", "objectif"):
            assert indicateur[champ] is None or isinstance(indicateur[champ], str)
    assert lu["convention"]["montant_total"] == "287052.00"
    assert {f["vue"] for f in lu["instantane"]["fichiers"]} >= {"AnnexeFinanciere", "ContratMission"}


def test_trouver_demande_la_categorie_quand_il_y_en_a_plusieurs(systeme):
    with pytest.raises(EntreeInvalide, match=r"plusieurs catégories : ACI, EI\. Précisez --categorie") as erreur:
        assemblage.trouver(systeme, 100002)
    assert erreur.value.__notes__ == ["usage"]
    assert assemblage.trouver(systeme, 100002, "EI").code == "100002-EI"
    with pytest.raises(EntreeInvalide, match="Aucune structure 100002 en AI"):
        assemblage.trouver(systeme, 100002, "AI")


def test_trouver_ne_voit_pas_hors_du_perimetre(personnes):
    with pytest.raises(EntreeInvalide, match="Aucune structure 100001"):
        assemblage.trouver(personnes[Role.DEPARTEMENTAL].acteur, 100001)


def test_une_annee_non_calculee_dit_lesquelles_le_sont(systeme, grande):
    with pytest.raises(assemblage.FicheIndisponible, match=r"pour 2019\. Années calculées : 2025, 2024"):
        assemblage.assembler(systeme, grande, 2019)


def test_une_fiche_coute_un_nombre_fixe_de_requetes(systeme, grande):
    with CaptureQueriesContext(connection) as capture:
        assemblage.assembler(systeme, grande, 2025)
    assert len(capture) <= 8


def test_les_priorites_du_territoire_a_cote_des_publics(systeme, personnes, grande):
    sans = lire(systeme)
    assert phrases.priorites(sans) == ""
    femmes = next(p for p in sans.publics if p.ventilation == "sexe")
    for public, part in (("sexe.femme", D("99")), ("rqth.oui", D("12.5"))):
        droit.ajouter_priorite(systeme, saisie_priorite(grande.departement, public=public, part=part))
    fiche = lire(systeme)
    ligne = next(p for p in fiche.publics if p.ventilation == "sexe")
    assert (ligne.part, ligne.priorite.part) == (femmes.part, 99)
    assert ligne.lecture in {AU_DESSOUS, INSUFFISANTES}
    assert "Femmes, 99 % visés" in phrases.priorites(fiche).replace("\u202f", " ").replace("\xa0", " ")
    figure = graphiques.publics(fiche)
    assert "Priorité du territoire" in str(figure.html)
    lu = export_json.en_dictionnaire(fiche)
    assert {p["public"]: p["part_visee"] for p in lu["priorites"]} == {"sexe.femme": "99", "rqth.oui": "12.5"}
    part = next(i for i in lu["indicateurs"] if (i["code"], i["modalite"]) == ("iae.publics.part", "femme"))
    assert part["objectif"] == "99"
    imprimes = document.donnees(fiche).publics
    assert [p.priorite for p in imprimes.lignes if p.priorite] == ["99\xa0%", "12,5\xa0%"]
    affichee = page(personnes[Role.DEPARTEMENTAL])
    assert "Publics prioritaires" in affichee
    ligne_locale = ParametreLocal.objects.get(elements__0="sexe.femme")
    droit.retirer_local(systeme, ligne_locale.pk, "erreur")
    assert "99" not in phrases.priorites(lire(systeme))
    assert page(personnes[Role.DEPARTEMENTAL]) != affichee, "la page gardée en mémoire suit les priorités"
