"""The sentences of a fiche of a mission locale: what a person with one minute reads. Pure."""

from __future__ import annotations

from decimal import Decimal

from convenir.mesure.indicateurs.gel_ml.sources import VOIES
from convenir.mesure.indicateurs.valeurs import Valeur
from convenir.restitution.fiches_ml.modele import FicheMl, Moment, SectionMl
from convenir.socle.commun.francais import MOIS, nombre, pluriel

SANS_MODULE = "Le module Entreprise n’est pas utilisé : « n. e. » n’est pas zéro."
VIDE = "Aucun chiffre n’est connu pour cette année."


def a_fin(moment: Moment) -> str:
    """« En 2025 », or « De janvier à octobre 2026 » during the year."""
    if moment.est_clos:
        return f"En {moment.annee}"
    return f"De janvier à {MOIS[moment.mois - 1]} {moment.annee}" if moment.mois else f"En {moment.annee}"


def section(fiche: FicheMl, lue: SectionMl) -> str:
    """The sentence of a section."""
    phrases = {
        "couverture": couverture, "1-2": activite, "3": entreprises, "4-5": axes_4_5, "resultats": resultats,
        "ressources": ressources,
    }  # fmt: skip
    return phrases[lue.axe](fiche)


def _valeur(fiche: FicheMl, code: str, rang: int = 0) -> Valeur | None:
    ligne = fiche.ligne(code)
    return ligne.annees[rang] if ligne and ligne.annees[rang].est_disponible else None


def couverture(fiche: FicheMl) -> str:
    """Youths in contact against the unemployed of the zone."""
    valeur = _valeur(fiche, "COUV1")
    if valeur is None:
        return "La couverture du public n’est pas connue : il manque les contacts ou les actifs non occupés."
    return (
        f"{a_fin(fiche.moment)}, les jeunes en contact du ressort font {valeur.texte} des actifs non occupés de "
        "16 à 25 ans de la zone. C’est un flux rapporté à un stock : il peut dépasser 100\u00a0%."
    )


def activite(fiche: FicheMl) -> str:
    """Youths in contact, in interview, first receptions."""
    contact, entretien, premiers = (_valeur(fiche, c) for c in ("ACT01", "ACT02", "ACT02a"))
    if contact is None:
        return VIDE
    debut = f"{a_fin(fiche.moment)}, {_compte(contact, 'jeune a été en contact', 'jeunes ont été en contact')}"
    suite = f", {_compte(entretien, 'reçu en entretien', 'reçus en entretien')}" if entretien else ""
    accueils = f", dont {_compte(premiers, 'premier accueil', 'premiers accueils')}" if premiers else ""
    return f"{debut}{suite}{accueils}. {_variation(fiche, 'ACT01')}".strip()


def entreprises(fiche: FicheMl) -> str:
    """Introductions to offers, youths in a company."""
    mises, immersions = _valeur(fiche, "ENT01"), _valeur(fiche, "ENT08")
    if mises is None and immersions is None:
        return VIDE
    morceaux = []
    if mises is not None:
        morceaux.append(_compte(mises, "mise en relation sur une offre", "mises en relation sur des offres"))
    if immersions is not None:
        morceaux.append(_compte(immersions, "jeune en immersion", "jeunes en immersion"))
    sans = "" if fiche.mission_locale.module_entreprise else f" {SANS_MODULE}"
    return f"{a_fin(fiche.moment)}, {' et '.join(morceaux)}.{sans}"


def axes_4_5(fiche: FicheMl) -> str:
    """Declared ETP; the work itself is told in the register."""
    valeur = _valeur(fiche, "AX45")
    if valeur is None:
        return "Le temps consacré à ces axes n’est pas déclaré. Un chiffre ne le résumerait pas."
    return f"{valeur.texte} sont déclarés sur ces axes en {fiche.annee}. Ce temps ne dit pas ce qui est produit."


def resultats(fiche: FicheMl) -> str:
    """Youths who reached work or training, and what is known of exits."""
    situation, sortis = _valeur(fiche, "RES01"), _valeur(fiche, "RES03")
    if situation is None:
        return VIDE
    debut = (
        f"{a_fin(fiche.moment)}, "
        f"{_compte(situation, 'jeune a accédé', 'jeunes ont accédé')} à un emploi ou à une formation."
    )
    durable = _valeur(fiche, "TX02")
    if sortis is None or durable is None:
        return debut
    inconnue = _valeur(fiche, "TX09")
    reserve = f" La situation de {inconnue.texte} des sortis est inconnue." if inconnue and inconnue.valeur else ""
    sur = pluriel(int(durable.denominateur or 0), "jeune sorti", "jeunes sortis")
    part = f"{nombre(durable.numerateur)} sur {sur} d’un dispositif sont en emploi durable, soit {durable.texte}"
    return f"{debut} {part}.{reserve}"


def ressources(fiche: FicheMl) -> str:
    """Staff and funding, each with its year."""
    etp, financement, part = (_valeur(fiche, c) for c in ("MOY01", "MOY03", "MOY05"))
    if etp is None and financement is None:
        return f"Ni le personnel ni le budget de {fiche.annee} ne sont déclarés dans ICARE."
    morceaux = [f"{etp.texte} déclarés pour {fiche.annee}"] if etp else []
    if financement:
        socle = f", dont {part.texte} du socle de l’État" if part else ""
        morceaux.append(f"un budget prévisionnel {fiche.annee} de {financement.texte}{socle}")
    return f"{' et '.join(morceaux)}. Chaque chiffre porte l’année de sa déclaration."


def voie(fiche: FicheMl) -> str:
    """How the values came."""
    return VOIES.get(fiche.voie, "")


def _compte(valeur: Valeur, singulier: str, au_pluriel: str) -> str:
    return pluriel(int(valeur.valeur or 0), singulier, au_pluriel)


def _variation(fiche: FicheMl, code: str) -> str:
    """Against the same months of the year before."""
    ligne = fiche.ligne(code)
    if ligne is None or not fiche.moment.mois or fiche.masquee:
        return ""
    avant = fiche.moments[1]
    meme = Moment(avant.annee, fiche.moment.mois, avant.jour)
    valeurs = [fiche.valeurs.get(code, m.cumul(ligne.indicateur)).valeur for m in (fiche.moment, meme)]
    if valeurs[0] is None or valeurs[1] is None:
        return ""
    ecart = int(valeurs[0] - valeurs[1])
    if ecart == 0:
        return f"C’est autant qu’aux mêmes mois de {avant.annee}."
    sens = "plus" if ecart > 0 else "moins"
    return f"C’est {nombre(abs(Decimal(ecart)))} de {sens} qu’aux mêmes mois de {avant.annee}."
