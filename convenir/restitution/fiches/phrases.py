"""The sentences of a fiche: what a person with one minute reads. In persons first, then in rates. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.valeurs import Statut, Valeur
from convenir.restitution.fiches.lectures import AU_DESSOUS, AU_DESSUS, INSUFFISANTES
from convenir.restitution.fiches.modele import Activite, FicheBilan, LectureTriennale, LigneObjectif
from convenir.socle.commun.francais import (
    MOIS,
    enumeration,
    etp,
    euros,
    jour,
    nombre,
    pluriel,
    pourcent,
)  # fmt: skip
from convenir.socle.commun.montants import arrondir


def part(valeur: Decimal) -> str:
    """Write a negotiated rate: « 58 % », « 57,5 % »."""
    return pourcent(valeur, 0 if valeur == valeur.to_integral_value() else 1)


def a_fin(fiche: FicheBilan) -> str:
    """« À fin septembre 2026 » during the year, « En 2025 » afterwards."""
    if fiche.arretee_le.month == 12:
        return f"En {fiche.annee}"
    return f"À fin {MOIS[fiche.arretee_le.month - 1]} {fiche.annee}"


def manque(ligne: LigneObjectif) -> str:
    """« il en manque 2 », « atteint », or nothing to say."""
    compte = ligne.courant.manque
    if compte is None:
        return ""
    return "atteint" if compte == 0 else f"il en manque {nombre(compte)}"


def detail_taux(ligne: LigneObjectif) -> str:
    """Sentence under a head figure: objective, persons, what is missing."""
    courant = ligne.courant
    if courant.resultat.statut == Statut.NON_CALCULABLE:
        return "Aucune sortie examinée."
    if not courant.resultat.est_disponible:
        return "Aucune donnée de sortie."
    objectif = f"Objectif {part(courant.objectif)}. " if courant.objectif is not None else "Sans objectif saisi. "
    fin = f", {manque(ligne)}" if manque(ligne) else ""
    return f"{objectif}{_sur(courant.resultat, 'sortie examinée', 'sorties examinées')}{fin}."


def objectifs(fiche: FicheBilan) -> str:
    """The result of the year, in words."""
    ligne = fiche.dynamique
    resultat, objectif = ligne.courant.resultat, ligne.courant.objectif
    if resultat.statut == Statut.NON_CALCULABLE:
        return f"{a_fin(fiche)}, aucune sortie n’est examinée : le taux n’est pas calculable."
    if not resultat.est_disponible:
        return f"{a_fin(fiche)}, aucune donnée de sortie n’est chargée."
    debut = _resultat(fiche, ligne)
    if objectif is None:
        return f"{debut} Aucun objectif n’est saisi dans l’annexe financière."
    compte = ligne.courant.manque or 0
    ecart = "Il est atteint." if compte == 0 else f"Il manque {pluriel(compte, 'sortie')}."
    return f"{debut} L’objectif est de {part(objectif)}. {ecart} {_lecture(ligne)}".strip()


def triennale(fiche: FicheBilan) -> str:
    """The years read together, when the year alone holds too few exits; empty otherwise."""
    dynamique, durable = fiche.dynamique.triennale, fiche.durable.triennale
    if dynamique is None or durable is None:
        return ""
    verbe = "ont" if dynamique.numerateur >= 2 else "a"
    en_durable = f"{nombre(durable.numerateur)}{_taux(durable)}" if durable.numerateur else "aucune"
    return (
        f"Avec si peu de sorties, lisez aussi les années ensemble : de {dynamique.debut} à {dynamique.fin}, "
        f"{nombre(dynamique.numerateur)} sur {pluriel(dynamique.denominateur, 'personne sortie', 'personnes sorties')}"
        f"{_taux(dynamique)} {verbe} une sortie dynamique, dont {en_durable} en emploi durable."
    )


def _taux(lu: LectureTriennale) -> str:
    """The rate after the persons; nothing when they are too few for one."""
    return "" if lu.peu else f" ({pourcent(lu.valeur)})"


def _resultat(fiche: FicheBilan, ligne: LigneObjectif) -> str:
    """In persons alone when they are few: a rate would say more than the data."""
    resultat, plusieurs = ligne.courant.resultat, (ligne.courant.resultat.numerateur or 0) >= 2
    if ligne.courant.peu:
        personnes = _sur(resultat, "personne sortie", "personnes sorties")
        return f"{a_fin(fiche)}, {personnes} {'ont' if plusieurs else 'a'} une sortie dynamique."
    verbe = "sont dynamiques" if plusieurs else "est dynamique"
    return f"{a_fin(fiche)}, {_sur(resultat, 'sortie')} {verbe}, soit {resultat.texte}."


def _sur(resultat: Valeur, singulier: str, au_pluriel: str | None = None) -> str:
    """« 4 sur 9 personnes »."""
    return f"{nombre(resultat.numerateur)} sur {pluriel(int(resultat.denominateur or 0), singulier, au_pluriel)}"


def _lecture(ligne: LigneObjectif) -> str:
    if ligne.lecture == INSUFFISANTES:
        return "Sur un si petit nombre, un taux ne permet pas de conclure."
    if ligne.lecture in (AU_DESSUS, AU_DESSOUS):
        return f"Le résultat est {ligne.lecture}."
    return "L’écart ne se distingue pas du hasard."


def sorties(fiche: FicheBilan) -> str:
    """How many left, how many are examined, and the first reason."""
    if not fiche.constatees.est_disponible:
        return "Aucune donnée de sortie n’est chargée pour cette année."
    constatees, examinees = int(fiche.constatees.valeur or 0), int(fiche.examinees[0].valeur or 0)
    if constatees == 0:
        return "Aucune sortie n’est constatée dans l’année."
    debut = f"{pluriel(constatees, 'personne est sortie', 'personnes sont sorties')} ; " \
            f"{_ecartees(constatees - examinees)} du calcul ; " \
            f"{pluriel(examinees, 'sortie est examinée', 'sorties sont examinées')}."  # fmt: skip
    motifs = [m for f in fiche.familles if f.code != "exclue" for m in f.motifs if m.effectifs[0]]
    if not motifs:
        return debut
    compte, libelle = max(((m.effectifs[0] or 0, m.libelle) for m in motifs), key=lambda lu: lu[0])
    return f"{debut} Le premier motif est « {libelle} » : {pluriel(compte, 'personne')}."


def _ecartees(compte: int) -> str:
    return pluriel(compte, "est écartée", "sont écartées") if compte else "aucune n’est écartée"


def activite(fiche: FicheBilan) -> str:
    """Done against agreed, and where the year is heading."""
    a = fiche.activite
    if not a.realises.est_disponible or not a.conventionnes.est_disponible:
        return "Aucun état mensuel n’est saisi : l’activité de l’année n’est pas connue."
    faits = f"{etp(a.realises.valeur)} {_accord(a.realises, 'a été réalisé', 'ont été réalisés')}"
    prevus = f"{nombre(a.conventionnes.valeur, 2)} {_accord(a.conventionnes, 'conventionné', 'conventionnés')}"
    soit = f", soit {a.taux.texte}" if a.taux.est_disponible else ""
    debut = f"{_depuis(a, fiche.annee)}, {faits} sur {prevus}{soit}."
    if a.dernier_mois == 12:
        return debut
    if not a.projection.est_disponible:
        return f"{debut} La projection à fin d’année n’est pas possible : données insuffisantes."
    return (
        f"{debut} À ce rythme, l’année finirait à {etp(a.projection.valeur)}, "
        f"entre {nombre(a.projection_basse.valeur, 2)} et {nombre(a.projection_haute.valeur, 2)}."
    )


def _accord(valeur: Valeur, singulier: str, au_pluriel: str) -> str:
    """French plural starts at two: « 1,98 ETP réalisé »."""
    return au_pluriel if arrondir(valeur.valeur or Decimal(0), 2) >= 2 else singulier


def _depuis(a: Activite, annee: int) -> str:
    return f"En {annee}" if a.dernier_mois == 12 else f"De janvier à {MOIS[a.dernier_mois - 1]} {annee}"


def publics(fiche: FicheBilan) -> str:
    """How many people, against the year before."""
    present, avant = fiche.presents[0], fiche.presents[1]
    if not present.est_disponible:
        return "Aucun état mensuel n’est saisi : les personnes présentes ne sont pas connues."
    debut = f"{pluriel(int(present.valeur or 0), 'salarié présent', 'salariés présents')} en {fiche.annee}"
    embauches = fiche.embauches[0]
    suite = (
        f", dont {pluriel(int(embauches.valeur), 'embauché', 'embauchés')} dans l’année"
        if embauches.valeur is not None
        else ""
    )
    if not avant.est_disponible:
        return f"{debut}{suite}."
    ecart = int((present.valeur or 0) - (avant.valeur or 0))
    contre = "autant qu’" if ecart == 0 else f"{nombre(abs(ecart))} de {'plus' if ecart > 0 else 'moins'} qu’"
    return f"{debut}{suite}, {contre}en {fiche.annee - 1}."


def priorites(fiche: FicheBilan) -> str:
    """The priority publics of the territory, each as it is read beside the share sought, and who adopted them."""
    lignes = [(ligne, ligne.priorite) for ligne in fiche.publics if ligne.priorite is not None]
    if not lignes:
        return ""
    lues = (f"{ligne.libelle}, {part(p.part)} visés, {ligne.part.texte} ({ligne.lecture})" for ligne, p in lignes)
    actes = {f"{p.organe}, {jour(p.adopte_le)}" for _, p in lignes}
    return f"Publics prioritaires : {' ; '.join(lues)}. Adopté par : {' ; '.join(sorted(actes))}."


def aide(fiche: FicheBilan) -> str:
    """Acquired against allotted."""
    allouee, utilisee = fiche.aide["allouee"], fiche.aide["utilisee"]
    if not allouee.est_disponible:
        return "Aucune annexe financière retenue ne donne de montant pour cette année."
    debut = f"{allouee.texte} sont alloués par l’annexe financière."
    if utilisee.est_disponible:
        debut = f"{utilisee.texte} sont acquis par les heures réalisées, sur {allouee.texte} alloués."
    part_cd = fiche.aide["part_departement"]
    if part_cd.valeur:
        return f"{debut} Le département en cofinance {part_cd.texte}."
    return debut


def alerte(lue: Mapping[str, Any]) -> str:
    """The figure of an alert, its threshold and its consequence, after the fact."""
    return f"{lue['chiffre']} (seuil : {lue['seuil']}). {lue['consequence']}"


def sans_alerte(fiche: FicheBilan) -> str:
    """What to say when no alert is shown: alerts look at the year in progress alone."""
    derniere = max(fiche.instantane.annees)
    if fiche.annee < derniere:
        return f"Les alertes portent sur l’année en cours : lisez la fiche {derniere}."
    return "Aucune alerte : la structure est dans les seuils suivis."


def convention(fiche: FicheBilan) -> str:
    """Which annexe rules the year."""
    annexe = fiche.annexe
    if annexe is None:
        return f"Aucune annexe financière retenue ne couvre {fiche.annee}."
    return (
        f"L’annexe {annexe.numero_complet} court du {jour(annexe.debut)} au {jour(annexe.fin_incluse)} "
        f"pour {etp(annexe.etp)}."
    )


def bareme(fiche: FicheBilan) -> str:
    """The scale beside the amount of the annexe: information, never an error."""
    lu = fiche.bareme
    if lu is None:
        return ""
    doute = ", à confirmer" if lu.a_confirmer else ""
    ecart = f" ; l’annexe porte {euros(abs(lu.ecart))} de {'plus' if lu.ecart > 0 else 'moins'}" if lu.ecart else ""
    return f"Barème depuis le {jour(lu.debut)} : {euros(lu.valeur)}{doute}{ecart}."


def essentiel(fiche: FicheBilan) -> list[str]:
    """The three sentences at the head of the document."""
    return [objectifs(fiche), activite(fiche), aide(fiche)]


def comparaison(fiche: FicheBilan) -> str:
    """Which groups the structure is compared with."""
    noms = [f"{nombre(b.effectif)} en {b.territoire}" for b in fiche.comparaisons[0].lignes if b.mediane is not None]
    phrase = (
        f"La structure est située parmi les {fiche.structure.categorie} : {enumeration(noms)}."
        if noms
        else "Aucun groupe de comparaison n’est assez grand, ou n’est chargé."
    )
    if any(b.ensemble for c in fiche.comparaisons for b in c.lignes):
        ensemble = f"l’ensemble des {fiche.structure.categorie}"
        return f"{phrase} France : taux de {ensemble}, importé ; leur répartition n’est pas connue."
    return f"{phrase} {france(fiche)}".strip() if noms else phrase


def france(fiche: FicheBilan) -> str:
    """Why the national column is empty, as a sentence; nothing when it is not."""
    if not fiche.france_absente:
        return ""
    return f"France : {fiche.france_absente.replace(' d. : ', ' d., ')}."
