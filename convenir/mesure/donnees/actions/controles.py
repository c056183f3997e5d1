"""Control of a deposit up to its report: the part shared by the dry run, the command line and the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from convenir.mesure.donnees import moteur_ml, parametres, policies, queries
from convenir.mesure.donnees.controle.anomalies import ecrire_la_suite
from convenir.mesure.donnees.controle.livraison import LIMITE_EN_MEMOIRE, Progression
from convenir.mesure.donnees.effets import Contenu, EffetsLivraison, calculer_effets, lire_contenu
from convenir.mesure.donnees.effets_ml import EffetsMl
from convenir.mesure.donnees.models import Source
from convenir.mesure.donnees.preparation import (
    Lecture,
    Preparation,
    controler_reception,
    empreinte_de,
    phrase,
    recevoir,
)
from convenir.mesure.donnees.rapport import LISTE_STOCKEE, Issue, Rapport
from convenir.mesure.donnees.reception.anomalies import Gravite, LivraisonRefusee
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur


@dataclass
class Controle:
    """Outcome of a control: the report, and when the delivery can be put in force, its preparation."""

    rapport: Rapport
    preparation: Preparation | None = None
    contenu: Contenu | None = None
    a_relier: bool = False
    """The refusal comes from headers or files that are not recognised: a mapping may mend it."""


def controler_livraison(
    chemin: Path,
    dossier: Path,
    acteur: Acteur,
    lecture: Lecture,
    progression: Progression | None = None,
) -> Controle:
    """Read, control and compare a deposit; everything written is under `dossier`.

    A delivery refused whole gives a report with its reasons, and no preparation.
    """
    try:
        source, recue = recevoir(chemin, dossier, lecture, progression)
    except LivraisonRefusee as refusee:
        return Controle(rapport_de_refus(refusee), a_relier=all(_reliable(a.message) for a in refusee.anomalies
                        if a.gravite is Gravite.REFUS))  # fmt: skip
    courante = queries.deja_en_vigueur(source, empreinte_de(recue, lecture.correspondance))
    if courante and courante.appliquee_le:
        quand = f"livraison appliquée le {en_mots(timezone.localtime(courante.appliquee_le).date())}"
        return Controle(Rapport(Issue.DEJA_IMPORTEE, str(source), deja_importee=quand, livraison=str(courante.uuid)))
    preparation = controler_reception(
        chemin, dossier, source, recue, lecture, progression, acteur.auteur.organisation_id
    )
    contenu = lire_contenu(preparation, timezone.localdate())
    rapport = construire_rapport(preparation, contenu, Issue.ESSAI)
    if raison := policies.raison_de_refus(acteur, contenu.apportes, contenu.couverts, contenu.annees):
        rapport.refus, rapport.issue = [raison], Issue.REFUSEE
        return Controle(rapport)
    try:
        comparer(rapport, preparation, contenu)
    except EntreeInvalide as erreur:
        rapport.refus, rapport.issue = str(erreur).splitlines(), Issue.REFUSEE
        return Controle(rapport)
    return Controle(rapport, preparation, contenu)


def mesurer_la_saisie(controle: Controle, progression: Progression | None = None) -> None:
    """Add to the report of a control the quality of the entry of the missions locales, before any of their figures.

    Who has already decided to apply does not read it here: the calculation that follows measures it.
    """
    preparation, contenu = controle.preparation, controle.contenu
    if preparation is None or contenu is None or preparation.source != Source.MISSIONS_LOCALES:
        return
    if progression is not None:
        progression("Qualité de la saisie", 99)
    annees = sorted({an for annees in contenu.annees.values() for an in annees})
    sortie = preparation.dossier / moteur_ml.NOM_QUALITE
    controle.rapport.qualite = moteur_ml.moteur().mesurer(preparation.dossier, annees, sortie)


def _reliable(message: str) -> bool:
    """Tell whether a refusal says that a table or a column is not found."""
    return message.startswith(("colonne indispensable", "colonne écrite deux fois", "la table ", "aucune table"))


def comparer(rapport: Rapport, preparation: Preparation, contenu: Contenu) -> EffetsLivraison | EffetsMl:
    """Write in the report what putting the delivery in force would change now."""
    effets = calculer_effets(preparation, contenu, parametres.seuil_disparition(timezone.localdate()))
    rapport.effets, rapport.details = effets.comptes(), effets.details(LISTE_STOCKEE)
    rapport.effets_par_objet, rapport.seuils = effets.par_objet(), effets.seuils
    return effets


def rapport_de_refus(refusee: LivraisonRefusee) -> Rapport:
    """Return the report of a delivery refused whole: every reason found, with its place."""
    refus = [a for a in refusee.anomalies if a.gravite is Gravite.REFUS]
    lignes = [
        {
            "fichier": a.fichier,
            "ligne": a.ligne,
            "colonne": a.colonne,
            "valeur": a.valeur,
            "message": phrase(a.message),
        }
        for a in refus
    ]
    return Rapport(Issue.REFUSEE, anomalies=lignes, anomalies_total=len(lignes), refus=[phrase(str(a)) for a in refus])


def construire_rapport(preparation: Preparation, contenu: Contenu, issue: Issue) -> Rapport:
    """Return the report of a controlled delivery, before its comparison with what is in force."""
    controle = preparation.controle
    assert controle is not None  # a fresh preparation always carries its control
    date = preparation.date_extraction
    rapport = Rapport(
        issue=issue,
        source=preparation.source,
        vues={vue: compte.as_dict() for vue, compte in sorted(controle.comptes.items())},
        anomalies=controle.anomalies,
        avertissements=controle.avertissements,
        par_message=controle.par_message,
        sans_fin=preparation.sans_fin,
        corrections=contenu.surcharge.ecarts,
        absentes=preparation.absentes,
        decrites=preparation.decrites,
        sans_reference=controle.sans_reference,
        departements=sorted(contenu.apportes),
        couverture=contenu.annees,
        date_extraction=date.isoformat() if date else None,
    )
    for groupe in controle.par_message:
        if groupe["gravite"] == "quarantaine":
            rapport.anomalies_total += int(str(groupe["nombre"]))
        else:
            rapport.avertissements_total += int(str(groupe["nombre"]))
    if contenu.sans_lieu:
        dire_sans_lieu(rapport, contenu.sans_lieu, preparation.dossier)
    return rapport


def dire_sans_lieu(rapport: Rapport, structures: list[int], dossier: Path) -> None:
    """Warn about the structures that lie in no known département: read, but recorded nowhere.

    The report lists some of them, as any warning; the files of `dossier` have them all.
    """
    message = (
        "Ni la commune ni les annexes de cette structure ne disent son département : elle n'est pas enregistrée. "
        "Faites corriger son code commune à l'ASP."
    )
    colonne = "structure_adresse_admin_code_insee"
    lignes: list[dict[str, object]] = [
        {"fichier": "", "ligne": None, "colonne": colonne, "valeur": str(s), "message": message} for s in structures
    ]
    ecrire_la_suite(dossier, "Structure", lignes)
    rapport.avertissements += lignes[: max(LIMITE_EN_MEMOIRE - len(rapport.avertissements), 0)]
    rapport.avertissements_total += len(structures)
    rapport.par_message.append(
        {"gravite": "avertissement", "vue": "Structure", "fichier": "", "colonne": colonne, "message": message,
         "nombre": len(structures), "lignes": [], "valeurs": [str(s) for s in structures[:5]]}
    )  # fmt: skip
