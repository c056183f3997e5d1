"""The yearly bilan: opened pre-filled, written, filed in time or late, examined or given back, reconciled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import exiger_l_une
from convenir.contrat.suivi import actes, states
from convenir.contrat.suivi.actions.commun import exiger, fermer_tache, ouvrir_tache
from convenir.contrat.suivi.actions.financeurs import RENDRE_COMPTE
from convenir.contrat.suivi.annonces import ATTENDUS, dire, dire_du_bilan
from convenir.contrat.suivi.models import Bilan, ChiffreBilan, EcheanceBilan, RubriqueBilan
from convenir.contrat.suivi.queries.bilans import chiffres_connus, echeance_du_bilan
from convenir.contrat.suivi.queries.financeurs import comptes_rendus
from convenir.contrat.suivi.rules.bilan import CHIFFRES, RUBRIQUES, refus_sans_compte_rendu, rubriques_vides
from convenir.contrat.suivi.states import EtatBilan
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import enumeration, lire_nombre
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.journal.actions import journaliser
from convenir.socle.taches.portee import reserver
from convenir.socle.territoires.models import Departement

DEPOSER = reserver("suivi.bilan_a_deposer", Capacite.REDIGER_DEMANDE)
CORRIGER = reserver("suivi.bilan_a_corriger", Capacite.REDIGER_DEMANDE)
EXAMINER = reserver("suivi.bilan_a_examiner", Capacite.INSTRUIRE_CONVENTION)


@transaction.atomic
def fixer_echeance(
    acteur: Acteur, departement: Departement, annee: int, echeance: date, *, maintenant: datetime
) -> int:
    """Set the day of the bilans of a year for a département, and tell each structure; return how many were told.

    Raises:
        ActionRefusee: no right, or a département out of the perimeter.
        EntreeInvalide: a day before the end of the year it is about.
    """
    acteur.exiger(Capacite.INSTRUIRE_CONVENTION)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")
    if echeance <= date(annee, 12, 31):
        raise EntreeInvalide(f"Un bilan {annee} se dépose après le 31 décembre {annee}.")
    EcheanceBilan.objects.update_or_create(
        departement=departement, annee=annee,
        defaults={"echeance": echeance, "fixee_le": maintenant, "fixee_par": acteur.auteur.nom},
    )  # fmt: skip
    journaliser(actes.ECHEANCE, departement, auteur=acteur.auteur, apres={"annee": annee, "echeance": echeance})
    conventions = Convention.objects.filter(
        departement=departement, debut__lte=date(annee, 12, 31), fin__gt=date(annee, 1, 1),
        passages__transition__in=["achever_signature", "reprendre", "commencer"],
    ).distinct()  # fmt: skip
    dits = 0
    for convention in conventions.select_related("structure__porteur", "mission_locale__organisation"):
        bilan = Bilan.objects.filter(convention=convention, annee=annee).first()
        if bilan is not None and bilan.etat != EtatBilan.BROUILLON:
            continue
        Bilan.objects.filter(convention=convention, annee=annee).update(echeance=echeance)
        _attendre(acteur, convention, annee, echeance, maintenant)
        dits += 1
    return dits


def _attendre(acteur: Acteur, convention: Convention, annee: int, echeance: date, maintenant: datetime) -> None:
    ouvrir_tache(
        convention, convention.organisation, DEPOSER, f"{convention.reference}-{annee}", f"déposer le bilan {annee}",
        pourquoi="R. 5132-3, R. 5132-13, R. 5132-29 : le dialogue de gestion s'appuie sur lui.",
        url=_adresse(convention, annee), maintenant=maintenant, echeance=echeance,
    )  # fmt: skip
    dire(
        ATTENDUS["bilan"][0], convention, acteur, cle=f"{annee}-{echeance}", maintenant=maintenant,
        details=f"Celui de {annee} est attendu le {en_mots(echeance)} au plus tard.", url=_adresse(convention, annee),
    )  # fmt: skip


def _adresse(convention: Convention, annee: int) -> str:
    return Bilan(convention=convention, annee=annee).get_absolute_url()


@transaction.atomic
def ouvrir_bilan(acteur: Acteur, convention: Convention, annee: int, *, maintenant: datetime) -> Bilan:
    """Open the bilan of a year, its figures from the extranet and the texts of the year before, to be confirmed.

    Raises:
        ActionRefusee: no right.
        EntreeInvalide: a year the convention does not cover.
    """
    exiger_l_une(acteur, convention, Capacite.INSTRUIRE_CONVENTION, Capacite.REDIGER_DEMANDE)
    if annee not in convention.annees:
        raise EntreeInvalide(f"La convention ne couvre pas {annee}.")
    bilan, neuf = Bilan.objects.get_or_create(
        convention=convention, annee=annee,
        defaults={"ouvert_le": maintenant, "echeance": echeance_du_bilan(convention, annee)},
    )  # fmt: skip
    if neuf:
        _preremplir(bilan)
        journaliser(actes.BILAN_OUVERT, bilan, auteur=acteur.auteur, apres={"annee": annee})
    return bilan


def _preremplir(bilan: Bilan) -> None:
    c = bilan.convention
    siens = (
        Q(convention__structure=c.structure_id) if c.structure_id else Q(convention__mission_locale=c.mission_locale)
    )
    precedent = Bilan.objects.filter(siens, annee__lt=bilan.annee).order_by("-annee", "-pk").first()
    textes = {r.code: r.texte for r in precedent.rubriques.all()} if precedent else {}
    RubriqueBilan.objects.bulk_create(
        RubriqueBilan(bilan=bilan, code=r.code, texte=textes.get(r.code, ""), repris=bool(textes.get(r.code)))
        for r in RUBRIQUES
    )
    connus, origine = chiffres_connus(bilan.convention, bilan.annee)
    ChiffreBilan.objects.bulk_create(
        ChiffreBilan(
            bilan=bilan, code=code, extranet=connus.get(code), extranet_origine=origine if code in connus else ""
        )
        for code in CHIFFRES
    )


@transaction.atomic
def ecrire_bilan(
    acteur: Acteur, bilan: Bilan, textes: Mapping[str, str], chiffres: Mapping[str, str], *, maintenant: datetime
) -> Bilan:
    """Save the items and the figures of the structure; saving confirms what was taken from the year before.

    Raises:
        ActionRefusee: no right, or a filed bilan.
        EntreeInvalide: a figure that is not a number.
    """
    exiger(acteur, bilan.convention, Capacite.REDIGER_DEMANDE)
    bilan = Bilan.objects.select_for_update().select_related("convention").get(pk=bilan.pk)
    if bilan.etat != EtatBilan.BROUILLON:
        raise ActionRefusee("Ce bilan est déposé : le service peut vous le rendre.")
    lus = {code: _nombre(CHIFFRES[code], texte) for code, texte in chiffres.items() if code in CHIFFRES}
    for rubrique in bilan.rubriques.all():
        if rubrique.code in textes:
            rubrique.texte, rubrique.repris = textes[rubrique.code].strip(), False
            rubrique.save(update_fields=["texte", "repris"])
    for chiffre in bilan.chiffres.all():
        if chiffre.code in lus and chiffre.structure != lus[chiffre.code]:
            _changer(chiffre, lus[chiffre.code])
    apres = {"rubriques": sorted(textes), "chiffres": sorted(lus), "instant": maintenant}
    journaliser(actes.BILAN_ECRIT, bilan, auteur=acteur.auteur, apres=apres)
    return bilan


def _changer(chiffre: ChiffreBilan, valeur: Decimal | None) -> None:
    """Write another figure of the structure; what was decided between the two sources was about the former one."""
    chiffre.structure = valeur
    chiffre.motif = chiffre.decision = chiffre.decide_par = ""
    chiffre.decide_le = None
    chiffre.save()


def _nombre(libelle: str, texte: str) -> Decimal | None:
    if not texte.strip():
        return None
    try:
        valeur = lire_nombre(texte)
    except ValueError as erreur:
        raise EntreeInvalide(f"« {libelle} » : {erreur}") from erreur
    if not 0 <= valeur < 10**9:
        raise EntreeInvalide(f"« {libelle} » : donnez un nombre positif.")
    return valeur


@transaction.atomic
def passer_bilan(
    acteur: Acteur, bilan: Bilan, nom: str, *, jour: date, maintenant: datetime, motif: str = "",
    attendu_le: date | None = None,
) -> Bilan:  # fmt: skip
    """Make a move of `states.BILAN`: file, give back with a reason, say examined.

    Args:
        motif: reason of a sending back; of a filing without the account of every funder.
        attendu_le: at the filing, day on which the missing accounts are awaited.

    Raises:
        ActionRefusee: right, state, a bilan that lacks one of the six items, or the account of a funder (named).
        EntreeInvalide: no reason given.
    """
    bilan = Bilan.objects.select_for_update().select_related("convention__service").get(pk=bilan.pk)
    transition = states.verifier(states.BILAN, nom, bilan.etat)
    exiger(acteur, bilan.convention, transition.capacite or Capacite.INSTRUIRE_CONVENTION)
    if transition.motif and not motif.strip():
        raise EntreeInvalide("Donnez le motif : la structure le lit.")
    if nom == "deposer":
        _verifier_depot(bilan)
        manquants = _manquants(bilan)
        if raison := refus_sans_compte_rendu(manquants, motif, attendu_le, jour):
            raise ActionRefusee(raison)
        bilan.depose_le = jour
        bilan.echeance = bilan.echeance or echeance_du_bilan(bilan.convention, bilan.annee)
        bilan.sans_compte_rendu = motif.strip() if manquants else ""
        bilan.compte_rendu_attendu_le = attendu_le if manquants else None
    bilan.etat, bilan.motif = transition.vers, "" if nom == "deposer" else motif.strip()
    bilan.save()
    apres = {"etat": bilan.etat, "motif": bilan.motif, "depot": bilan.delai,
             "sans_compte_rendu": bilan.sans_compte_rendu}  # fmt: skip
    journaliser(actes.BILAN[nom], bilan, auteur=acteur.auteur, apres=apres)
    _suites(bilan, nom, maintenant)
    details = bilan.motif if nom == "renvoyer" else f"Bilan {bilan.annee}, {bilan.delai}."
    dire_du_bilan(f"bilan_{nom}", bilan, acteur, details=details, maintenant=maintenant)
    return bilan


def _manquants(bilan: Bilan) -> list[str]:
    return [c.financeur for c in comptes_rendus(bilan.convention, bilan.annee) if c.manque]


def _verifier_depot(bilan: Bilan) -> None:
    vides = rubriques_vides({r.code: r.texte for r in bilan.rubriques.all()})
    if vides:
        raise ActionRefusee(f"Le bilan a six rubriques légales. Il manque : {enumeration([r.titre for r in vides])}.")
    if any(r.repris for r in bilan.rubriques.all()):
        raise ActionRefusee("Des textes repris de l'année passée restent à confirmer : enregistrez le bilan.")


def _suites(bilan: Bilan, nom: str, maintenant: datetime) -> None:
    convention, objet = bilan.convention, f"{bilan.convention.reference}-{bilan.annee}"
    for code in (DEPOSER, CORRIGER):
        fermer_tache(convention.organisation, code, objet, maintenant)
    fermer_tache(convention.service, EXAMINER, objet, maintenant)
    if nom == "deposer":
        ouvrir_tache(
            convention, convention.service, EXAMINER, objet, f"examiner le bilan {bilan.annee}",
            pourquoi=f"Déposé {bilan.delai}.", url=bilan.get_absolute_url(), maintenant=maintenant,
        )  # fmt: skip
        if manquants := _manquants(bilan):
            ouvrir_tache(
                convention, convention.organisation, RENDRE_COMPTE, objet,
                f"rendre compte à {enumeration(manquants)} pour {bilan.annee}", url=bilan.get_absolute_url(),
                pourquoi="Le bilan est déposé sans ce compte rendu financier.", maintenant=maintenant,
                echeance=bilan.compte_rendu_attendu_le,
            )  # fmt: skip
    elif nom == "renvoyer":
        ouvrir_tache(
            convention,
            convention.organisation,
            CORRIGER,
            objet,
            f"corriger le bilan {bilan.annee}",
            pourquoi=f"Le service l'a rendu : {bilan.motif}"[:500],
            url=bilan.get_absolute_url(),
            maintenant=maintenant,
        )


@transaction.atomic
def trancher(
    acteur: Acteur, chiffre: ChiffreBilan, *, motif: str, decision: str, maintenant: datetime
) -> ChiffreBilan:
    """Say why two sources differ and which figure is kept (question of the instruction of 2011).

    Raises:
        ActionRefusee: no right, or two sources that agree.
        EntreeInvalide: no reason, an unknown decision, or a figure that this source does not give.
    """
    exiger(acteur, chiffre.bilan.convention, Capacite.INSTRUIRE_CONVENTION)
    if not chiffre.ecart.a_trancher:
        raise ActionRefusee("Les deux sources concordent, ou se taisent : il n'y a rien à trancher.")
    if not motif.strip():
        raise EntreeInvalide("Dites d'où vient l'écart.")
    if decision not in (ChiffreBilan.EXTRANET, ChiffreBilan.STRUCTURE):
        raise EntreeInvalide("Choisissez le chiffre retenu.")
    if getattr(chiffre, decision) is None:
        raise EntreeInvalide("Cette source ne donne pas ce chiffre : retenez l'autre.")
    chiffre.motif, chiffre.decision = motif.strip(), decision
    chiffre.decide_par, chiffre.decide_le = acteur.auteur.nom, maintenant
    chiffre.save()
    apres = {"chiffre": chiffre.code, "retenu": decision, "motif": chiffre.motif}
    journaliser(actes.RAPPROCHE, chiffre.bilan, auteur=acteur.auteur, apres=apres)
    bilan = chiffre.bilan
    retenu = f"{chiffre}, {bilan.annee} : {chiffre.get_decision_display().lower()} est retenu. {chiffre.motif}"
    dire(
        "ecart_tranche", bilan.convention, acteur, cle=f"{chiffre.pk}-{maintenant:%Y%m%dT%H%M%S}", details=retenu,
        url=reverse("suivi:rapprochement", args=[bilan.convention.reference, bilan.annee]), maintenant=maintenant,
    )  # fmt: skip
    return chiffre
