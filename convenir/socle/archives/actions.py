"""Slips: prepare, record the visa or its refusal, eliminate. Nothing is destroyed by a clock, nor without the visa."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from django.db import transaction

from convenir.socle.archives import actes, registre
from convenir.socle.archives.fichiers import retirer_les_orphelins
from convenir.socle.archives.models import Bordereau, EtatBordereau, LigneBordereau, SensBordereau
from convenir.socle.archives.queries import EN_COURS
from convenir.socle.archives.rules import Article, Fichier, refus_de_tous
from convenir.socle.archives.tableau import tableau
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.documents.stockage import deposer
from convenir.socle.journal.actes import CHARGE_EFFACEE
from convenir.socle.journal.actions import effacer_charge, journaliser
from convenir.socle.journal.models import Charge
from convenir.socle.territoires.models import Departement

PDF, TAILLE_MAX = b"%PDF-", 20 * 1024 * 1024


@dataclass(frozen=True)
class Signature:
    """Who signs a slip for the service."""

    nom: str
    qualite: str


@dataclass(frozen=True)
class Visa:
    """The visa of the Archives: who, when, and the slip visaed (a PDF)."""

    par: str
    jour: date
    nom: str
    octets: bytes


@transaction.atomic
def preparer(
    acteur: Acteur, departement: Departement, sens: str, articles: Sequence[tuple[str, str]], signature: Signature, *,
    jour: date,
) -> Bordereau:  # fmt: skip
    """Prepare a slip from records, each named by its fonds and its key.

    Raises:
        ActionRefusee: no right, or records that are useful still, or on another slip (all of them are said).
        EntreeInvalide: no record, a record that does not exist, nobody to sign.
    """
    _exiger(acteur, departement)
    if not articles:
        raise EntreeInvalide("Choisissez au moins un article.")
    if not (signature.nom.strip() and signature.qualite.strip()):
        raise EntreeInvalide("Un bordereau porte le nom et la qualité de qui le signe.")
    lus = [(code, _lire(code, cle)) for code, cle in articles]
    _exiger_du_departement(lus, departement, jour)
    obstacles = refus_de_tous(((tableau()[code], article) for code, article in lus), sens, jour)
    obstacles += [f"« {a.libelle} » est déjà sur un bordereau." for code, a in lus if _pris(code, a.cle)]
    if sens == SensBordereau.ELIMINATION:
        obstacles += [f"Le fonds « {c} » ne s'élimine pas." for c, _ in lus if registre.trouver(c).effacer is None]
    if obstacles:
        raise ActionRefusee(" ".join(obstacles))
    bordereau = Bordereau.objects.create(
        sens=sens, departement=departement, service=acteur.organisation, signataire=signature.nom.strip(),
        qualite=signature.qualite.strip(), prepare_le=jour, prepare_par=acteur.auteur.nom,
    )  # fmt: skip
    LigneBordereau.objects.bulk_create(_ligne(bordereau, code, article) for code, article in lus)
    apres = {"sens": sens, "articles": [f"{code}/{article.cle}" for code, article in lus]}
    journaliser(actes.PREPARER, bordereau, auteur=acteur.auteur, apres=apres)
    return bordereau


def _exiger(acteur: Acteur, departement: Departement) -> None:
    acteur.exiger(Capacite.TENIR_ARCHIVES)
    if not acteur.perimetre.couvre_departement(departement.pk, departement.region_id):
        raise ActionRefusee(f"Le département {departement.nom} n'est pas dans votre périmètre.")


def _lire(code: str, cle: str) -> Article:
    article = registre.trouver(code).lire(cle)
    if article is None:
        raise EntreeInvalide(f"L'article « {cle} » n'existe pas, ou n'existe plus.")
    return article


def _exiger_du_departement(lus: Sequence[tuple[str, Article]], departement: Departement, jour: date) -> None:
    for code in {c for c, _ in lus}:
        d_ici = {a.cle for a in registre.trouver(code).lister(departement.pk, jour)}
        if ailleurs := [a.libelle for c, a in lus if c == code and a.cle not in d_ici]:
            raise ActionRefusee(f"Hors de ce département, ou pas encore clos : {', '.join(ailleurs)}.")


def _pris(code: str, cle: str) -> bool:
    etats = [*EN_COURS, EtatBordereau.EXECUTE]
    return LigneBordereau.objects.filter(fonds=code, cle=cle, bordereau__etat__in=etats).exists()


def _ligne(bordereau: Bordereau, code: str, a: Article) -> LigneBordereau:
    return LigneBordereau(
        bordereau=bordereau, fonds=code, cle=a.cle, libelle=a.libelle[:300], debut=a.debut, clos_le=a.clos_le,
        fichiers=len(a.fichiers), taille=a.taille, empreinte=a.empreinte,
    )  # fmt: skip


def _attendu(acteur: Acteur, bordereau: Bordereau, *etats: str) -> Bordereau:
    frais = Bordereau.objects.select_for_update(of=("self",)).select_related("departement").get(pk=bordereau.pk)
    _exiger(acteur, frais.departement)
    if frais.etat not in etats:
        raise ActionRefusee(
            f"Ce bordereau est « {frais.get_etat_display().lower()} » : cet acte n'y est plus possible."
        )
    return frais


@transaction.atomic
def viser(acteur: Acteur, bordereau: Bordereau, visa: Visa) -> Bordereau:
    """Record the visa with its date and the slip visaed.

    Raises:
        ActionRefusee: no right, or a slip that does not wait for it.
        EntreeInvalide: nobody, a day before the slip, or a file that is not a PDF.
    """
    frais = _attendu(acteur, bordereau, EtatBordereau.PREPARE)
    if not visa.par.strip():
        raise EntreeInvalide("Dites qui a visé le bordereau.")
    if visa.jour < frais.prepare_le:
        raise EntreeInvalide("Le visa vient après le bordereau.")
    if not visa.octets.startswith(PDF) or len(visa.octets) > TAILLE_MAX:
        raise EntreeInvalide("Joignez le bordereau visé, en PDF de 20 Mio au plus.")
    frais.sha256 = deposer(visa.octets, "visa.pdf").sha256
    frais.nom_fichier = PurePosixPath(visa.nom.replace("\\", "/")).name[:200]
    frais.vise_par, frais.vise_le, frais.etat = visa.par.strip(), visa.jour, EtatBordereau.VISE
    frais.save()
    apres = {"vise_par": frais.vise_par, "vise_le": frais.vise_le, "sha256": frais.sha256}
    journaliser(actes.VISER, frais, auteur=acteur.auteur, apres=apres)
    return frais


@transaction.atomic
def refuser(acteur: Acteur, bordereau: Bordereau, motif: str) -> Bordereau:
    """Record that the Archives refuse their visa: the records may be listed again.

    Raises:
        ActionRefusee: no right, or a slip that does not wait for it.
        EntreeInvalide: no reason.
    """
    frais = _attendu(acteur, bordereau, EtatBordereau.PREPARE)
    if not motif.strip():
        raise EntreeInvalide("Dites pourquoi le visa est refusé.")
    frais.etat, frais.motif = EtatBordereau.REFUSE, motif.strip()
    frais.save()
    journaliser(actes.REFUSER, frais, auteur=acteur.auteur, apres={"motif": frais.motif})
    return frais


@transaction.atomic
def executer(acteur: Acteur, bordereau: Bordereau, *, jour: date) -> Bordereau:
    """Do what a visaed slip allows: eliminate its records, or say them taken over by the Archives.

    An elimination erases the texts, the files that nothing else cites and the details kept by the journal; the chain
    of the journal stays whole, and each erasure is told in it.

    Raises:
        ActionRefusee: no right, no visa, or a record that changed since the slip was visaed.
        EntreeInvalide: a day before the visa.
    """
    frais = _attendu(acteur, bordereau, EtatBordereau.VISE)
    if frais.vise_le and jour < frais.vise_le:
        raise EntreeInvalide("Le bordereau s'exécute après son visa.")
    if frais.sens == SensBordereau.ELIMINATION:
        fichiers = _eliminer(frais)
        transaction.on_commit(lambda: retirer_les_orphelins(fichiers))
    frais.lignes.update(faite_le=jour)
    frais.etat, frais.execute_le = EtatBordereau.EXECUTE, jour
    frais.save()
    apres = {"articles": frais.lignes.count(), "visa": frais.vise_le, "sha256": frais.sha256}
    journaliser(actes.ELIMINER, frais, auteur=acteur.auteur, apres=apres)
    return frais


def _eliminer(bordereau: Bordereau) -> list[Fichier]:
    """Erase each record of a slip; return the files that were theirs."""
    fichiers: list[Fichier] = []
    motif = f"Élimination, bordereau {bordereau.numero}, visa du {bordereau.vise_le:%d/%m/%Y}"
    for ligne in bordereau.lignes.all():
        fonds, article = registre.trouver(ligne.fonds), _lire(ligne.fonds, ligne.cle)
        if article.empreinte != ligne.empreinte or fonds.effacer is None:
            raise ActionRefusee(f"« {ligne.libelle} » a changé depuis le bordereau : préparez-en un autre.")
        fichiers += article.fichiers
        _effacer_au_journal(fonds.effacer(ligne.cle), motif)
    return fichiers


def _effacer_au_journal(objets: Iterable[registre.ObjetDuJournal], motif: str) -> None:
    """Erase the details of every entry about these objects."""
    systeme = Acteur.systeme("Archives publiques")
    for objet_type, objet_id in objets:
        charges = Charge.objects.filter(
            entree__objet_type=objet_type, entree__objet_id=objet_id, effacee_le=None
        ).exclude(entree__acte=CHARGE_EFFACEE)  # fmt: skip
        for numero in list(charges.order_by("pk").values_list("pk", flat=True)):
            effacer_charge(numero, motif, demandeur=systeme)
