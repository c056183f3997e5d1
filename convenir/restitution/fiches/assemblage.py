"""Read and compare everything a fiche bilan says, in a fixed number of SQL queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from convenir.mesure.donnees import queries as donnees
from convenir.mesure.donnees.models import AnnexeLue
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.parametres import CATEGORIES
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Valeurs
from convenir.restitution.fiches import sections
from convenir.restitution.fiches.manques import manques_de
from convenir.restitution.fiches.modele import Activite, Bareme, FicheBilan, annexe_au
from convenir.restitution.fiches.secret import masquer
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import Mois, Periode
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import Structure
from convenir.socle.reglementation.queries import Reglementation, a_jour, montant_socle

HISTORIQUE = 3


class FicheIndisponible(EntreeInvalide):
    """No figure is computed for the year asked for; the message says which years are."""


def trouver(acteur: Acteur, id_asp: int, categorie: str | None = None) -> Structure:
    """Return a structure in the person's sight.

    Raises:
        EntreeInvalide: it is not there, or several categories share the id and none was given (exit 2 at the
            command line).
    """
    visibles = Structure.objects.visibles_par(acteur.perimetre).filter(id_asp=id_asp)
    if categorie:
        visibles = visibles.filter(categorie=categorie)
    trouvees = list(visibles.select_related("commune", "departement__region", "porteur").order_by("categorie"))
    if not trouvees:
        precision = f" en {categorie}" if categorie else ""
        raise EntreeInvalide(f"Aucune structure {id_asp}{precision} dans votre périmètre. Vérifiez l'identifiant ASP.")
    if len(trouvees) > 1:
        liste = ", ".join(s.categorie for s in trouvees)
        erreur = EntreeInvalide(f"La structure {id_asp} porte plusieurs catégories : {liste}. Précisez --categorie.")
        erreur.add_note("usage")
        raise erreur
    return trouvees[0]


def assembler(acteur: Acteur, structure: Structure, annee: int) -> FicheBilan:
    """Return the fiche bilan of a structure for a year, as this person may see it.

    Args:
        acteur: who reads: small counts of sensitive marks are hidden from those outside the State and the structure.
        structure: with its commune, département and région already read.
        annee: civil year.

    Raises:
        FicheIndisponible: no snapshot holds the year.
    """
    instantane = indicateurs.instantane_courant(annee)
    if instantane is None:
        connues = ", ".join(str(a) for a in indicateurs.annees_calculees()) or "aucune"
        raise FicheIndisponible(f"Aucun chiffre n'est calculé pour {annee}. Années calculées : {connues}.")
    droit = a_jour()
    siae, autour = _valeurs(instantane, structure)
    if not acteur.peut(Capacite.VOIR_MARQUES_SENSIBLES):
        siae, autour = masquer(siae, autour, int(droit.nombre("secret.seuil", date(annee, 12, 31))))
    annees = tuple(annee - i for i in range(HISTORIQUE))
    fin = date(annee, 12, 31)
    seuil = int(droit.nombre("iae.sorties.seuil_effectif_taux", fin))
    triennal = int(droit.nombre("iae.sorties.seuil_lecture_triennale", fin))
    activite = sections.activite(siae, annee, _dernier_mois(instantane, annee))
    fiche = _composer(instantane, structure, annees, siae, activite)
    return FicheBilan(
        **fiche,
        objectifs=sections.lignes_objectifs(siae, annees, _references(droit, fin), (seuil, triennal)),
        publics=sections.publics(
            siae, autour["departement"][1], autour["france"][1], annees,
            droit.priorites(structure.departement_id, fiche["arretee_le"]), seuil,
        ),
        comparaisons=sections.comparaisons(
            siae, [(n, nom, v) for n, (nom, v) in autour.items()], structure.categorie, annee,
            activite.taux.periode, minimum(acteur, droit, fin), seuil,
        ),
        manques=manques_de(structure, siae, activite, annee, instantane),
        a_confirmer=_a_confirmer(instantane, structure.categorie, annee),
        bareme=_bareme(structure, annexe_au(fiche["annexes"], fiche["arretee_le"])),
    )  # fmt: skip


def _composer(
    instantane: Instantane,
    structure: Structure,
    annees: tuple[int, ...],
    siae: Valeurs,
    activite: Activite,
) -> dict[str, Any]:
    """Return the parts that need no comparison."""
    annee, an = annees[0], str(annees[0])
    situation = indicateurs.situation(structure, annee)
    annuelles = lambda code: tuple(siae.get(code, str(a)) for a in annees)
    return {
        "structure": structure,
        "annee": annee,
        "annees": annees,
        "arretee_le": min(instantane.arrete_au, date(annee, 12, 31)),
        "annexes": tuple(donnees.annexes_de(structure, annee)),
        "instantane": instantane,
        "fichiers": tuple(instantane.fichiers),
        "familles": sections.familles(siae, annees, instantane),
        "constatees": siae.get("iae.sorties.constatees", an),
        "examinees": annuelles("iae.sorties.examinees"),
        "activite": activite,
        "presents": annuelles("iae.publics.presents"),
        "embauches": annuelles("iae.publics.embauches"),
        "eligibilite": tuple((libelle, siae.get(code, an)) for libelle, code in sections.ELIGIBILITE),
        "aide": {
            n: siae.get(f"iae.aide.{n}", an) for n in ("allouee", "utilisee", "cofinancement", "part_departement")
        },
        "aides": tuple((libelle, annuelles(code)) for libelle, code in sections.AIDES),
        "moyens": tuple((libelle, annuelles(code)) for libelle, code in sections.MOYENS),
        "france_absente": instantane.perimetre.get("message", ""),
        "alertes": tuple(situation.alertes if situation else ()),
    }


def territoires(structure: Structure) -> dict[str, tuple[str, str]]:
    """Return the territories around a structure: level → code and name."""
    departement = structure.departement
    return {
        "departement": (departement.pk, departement.nom),
        "region": (departement.region_id, departement.region.nom),
        "france": (CODE_FRANCE, "France"),
    }


def _valeurs(instantane: Instantane, structure: Structure) -> tuple[Valeurs, dict[str, tuple[str, Valeurs]]]:
    """Return the values of the structure, and those of its territories by level with their names: one query."""
    noms = territoires(structure)
    cles = [("siae", structure.code), *((niveau, code) for niveau, (code, _) in noms.items())]
    lues = indicateurs.valeurs_de_plusieurs([instantane], cles)
    return lues["siae", structure.code], {n: (nom, lues[n, code]) for n, (code, nom) in noms.items()}


def _dernier_mois(instantane: Instantane, annee: int) -> int:
    """Return the last closed month of the year in the files, 0 if the year has not begun in them."""
    annee_civile = Periode.annee(annee)
    if instantane.arrete_au < annee_civile.debut:
        return 0
    return 12 if instantane.arrete_au.year > annee else Mois.de(instantane.arrete_au).mois


def _a_confirmer(instantane: Instantane, categorie: str, annee: int) -> dict[str, str]:
    """Return the parameters to confirm that bear on this category, in the order of their codes: code → name."""
    autres = set(CATEGORIES) - {categorie}
    appliques = instantane.parametres.get(str(annee), {})
    return {
        code: p["libelle"]
        for code, p in sorted(appliques.items())
        if p.get("a_confirmer") and code.rpartition(".")[2] not in autres
    }


def _references(droit: Reglementation, jour: date) -> Mapping[str, Decimal | None]:
    """Return the national references, in percent."""
    return {code: droit.nombre(f"iae.objectifs.{code}", jour) for code in ("durable", "dynamique")}


def _bareme(structure: Structure, annexe: AnnexeLue | None) -> Bareme | None:
    """Return the scale on the first day of the annexe; None without an amount on either side."""
    if annexe is None or annexe.montant_unitaire is None:
        return None
    lue = montant_socle(
        structure.categorie, annexe.debut, territoire=structure.departement_id,
        penitentiaire=annexe.mesure.upper().endswith("_MP"),
    )  # fmt: skip
    if lue is None:
        return None
    return Bareme(lue.code, lue.nombre, lue.debut, lue.a_confirmer, annexe.montant_unitaire - lue.nombre)


def minimum(acteur: Acteur, droit: Reglementation, jour: date) -> int:
    """Return the smallest group shown: competing structures never read each other's figures in it."""
    return 1 if acteur.est_etat or acteur.est_systeme else int(droit.nombre("secret.seuil", jour))
