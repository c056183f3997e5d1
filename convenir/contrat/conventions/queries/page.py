"""Everything the page of a convention shows, read in a fixed number of SQL queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from convenir.contrat.conventions import droit, mots
from convenir.contrat.conventions.ecriture import LigneDeTermes, comparer, valeur
from convenir.contrat.conventions.gardes_des_textes import CATEGORIES_DE_CONTINUITE, avis_valable
from convenir.contrat.conventions.lectures import lecture
from convenir.contrat.conventions.models import (
    AnnexeFinanciere,
    Avis,
    Convention,
    Decision,
    Manquement,
    Passage,
    Piece,
    Signature,
    Version,
)  # fmt: skip
from convenir.contrat.conventions.policies import refus_de_signature
from convenir.contrat.conventions.queries.pieces import avec_les_parties, partie_de
from convenir.contrat.conventions.rules.articles import ARTICLES
from convenir.contrat.conventions.rules.continuite import Continuite, Situation
from convenir.contrat.conventions.rules.signataires import EtatDePartie, a_son_tour
from convenir.contrat.conventions.rules.termes import Termes
from convenir.contrat.conventions.states import CLOS, EN_SUSPENS, EN_VIGUEUR, EtatConvention, EtatVersion, possibles
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.figures import Bande, Figure, frise

E = EtatConvention
PASSAGES_MONTRES = 12
# Ce que la page écrit d'une annexe, et ce que l'ASP en dit : le reste de la livraison n'est pas lu.
LUS_DES_ANNEXES = (
    "convention", "annee", "numero", "etat", "motif", "postes", "montant_unitaire", "montant_total", "annexe_lue__etp",
    "annexe_lue__montant_unitaire", "annexe_lue__montant_total",
)  # fmt: skip


@dataclass(frozen=True)
class LigneDeSignature:
    """A signature expected or received: whose turn, how long it has waited in days, whether this person records it."""

    signature: Signature
    tour: bool
    attend: int
    enregistrable: bool


@dataclass(frozen=True)
class Echeance:
    """A coming date: when, for whom, what, and what happens otherwise."""

    jour: date
    qui: str
    quoi: str
    sinon: str = ""


@dataclass(frozen=True)
class PageDeConvention:
    """The whole page."""

    convention: Convention
    jour: date
    tour: mots.Tour
    versions: list[Version]
    en_vigueur: Version | None
    en_suspens: Version | None
    figure: Figure
    phrase_frise: str
    changent: list[LigneDeTermes]
    inchanges: list[LigneDeTermes]
    signatures: list[LigneDeSignature]
    avis: Avis | None
    annexes: list[AnnexeFinanciere]
    echeances: list[Echeance]
    pieces: list[Piece]
    passages: list[Passage]
    manquement: Manquement | None
    decisions: list[Decision]
    actes: list[Any] = field(default_factory=list)

    @property
    def close(self) -> bool:
        """Whether nothing applies any more: expired, terminated or refused."""
        return self.convention.etat in CLOS

    @property
    def a_ete_signee(self) -> bool:
        """Whether a version was signed: before that nothing was paid, and there is nothing to reclaim."""
        return any(v.etat == EtatVersion.SIGNEE for v in self.versions)


def lire(acteur: Acteur, convention: Convention, jour: date) -> PageDeConvention:
    """Read the page of a convention on a day; the number of SQL queries does not depend on its versions."""
    versions = list(convention.versions.order_by("rang"))
    en_vigueur = _en_vigueur(versions, jour)
    en_suspens = next((v for v in versions if v.etat in EN_SUSPENS), None)
    signataires = Signature.objects.select_related("organisation").exclude(etat="annulee").order_by("ordre")
    derniere = en_suspens or (versions[-1] if versions else None)
    prefetch_related_objects([derniere] if derniere else [], Prefetch("signatures", signataires))
    regle = _regle(convention, en_vigueur, jour)
    lignes = _comparer(en_vigueur, en_suspens)
    # Une procédure n'est ouverte que dans cet état (table des passages).
    ouvertes = Manquement.objects.filter(convention=convention, clos_le=None)
    manquement = ouvertes.first() if convention.etat == E.MANQUEMENT else None
    page = PageDeConvention(
        convention=convention,
        jour=jour,
        tour=_tour(acteur, convention, en_vigueur, en_suspens, manquement, regle, jour),
        versions=versions,
        en_vigueur=en_vigueur,
        en_suspens=en_suspens,
        figure=_figure(convention, versions, en_vigueur, regle, jour),
        phrase_frise=_phrase(convention, en_vigueur, en_suspens, regle, jour),
        changent=[x for x in lignes if x.change],
        inchanges=[x for x in lignes if not x.change],
        signatures=_signatures(acteur, derniere, jour),
        avis=avis_valable(en_suspens) if en_suspens and convention.structure_id else None,
        annexes=_annexes(convention),
        echeances=_echeances(convention, en_vigueur, manquement, regle, jour),
        pieces=_pieces(convention, versions),
        passages=list(convention.passages.order_by("-pk")[:PASSAGES_MONTRES]),
        manquement=manquement,
        decisions=list(Decision.objects.filter(convention=convention)),
    )
    page.actes.extend(_actes(acteur, convention, en_vigueur, en_suspens, regle, jour))
    return page


def _regle(convention: Convention, en_vigueur: Version | None, jour: date) -> Continuite | None:
    """Read the rule of continuity once the clauses in force have ended: before, nothing depends on it."""
    finies = en_vigueur is not None and en_vigueur.clauses_fin is not None and en_vigueur.clauses_fin <= jour
    return droit.continuite(jour.year) if finies and convention.categorie in CATEGORIES_DE_CONTINUITE else None


def _en_vigueur(versions: list[Version], jour: date) -> Version | None:
    signees = [v for v in versions if v.vaut_au(jour)]
    return signees[-1] if signees else None


def _actes(
    acteur: Acteur, convention: Convention, en_vigueur: Version | None, en_suspens: Version | None,
    regle: Continuite | None, jour: date,
) -> list[Any]:  # fmt: skip
    """Return the moves this person may ask for; the signatures have their own links."""
    permis = possibles(convention.etat, en_suspens.etat if en_suspens else None)
    ecartes = {"signer", "achever_signature", "reprendre", "deposer", "completer", "preparer_avenant"}
    if en_suspens is None and convention.etat in EN_VIGUEUR:
        ecartes -= {"preparer_avenant"}
    sans_objet = set() if en_suspens else {"abandonner_avenant"}
    en_retard = {Situation.SUSPENSION, Situation.REPRISE}
    if regle is None or en_vigueur is None or regle.situation(jour, en_vigueur.clauses_fin) not in en_retard:
        sans_objet.add("suspendre")
    retenus = [t for t in permis if t.nom not in ecartes | sans_objet and t.capacite and acteur.peut(t.capacite)]
    return sorted(retenus, key=lambda t: (not t.avance, t.retour))


def _comparer(en_vigueur: Version | None, en_suspens: Version | None) -> list[LigneDeTermes]:
    """Compare what applies to what is pending; alone, one stands on both sides."""
    avant = en_vigueur.termes if en_vigueur else Termes()
    if en_suspens:
        return comparer(avant, en_suspens.termes)
    return comparer(avant, avant)


def _pieces(convention: Convention, versions: list[Version]) -> list[Piece]:
    """Return the last files, each with its act, read already."""
    par_cle: dict[int | None, Version] = {v.pk: v for v in versions}
    pieces = list(avec_les_parties(convention.pieces.order_by("-jour", "-pk"))[:50])
    for piece in pieces:
        piece.version = par_cle.get(piece.version_id)
        piece.de_qui = partie_de(piece)  # type: ignore[attr-defined]
    return pieces


def _annexes(convention: Convention) -> list[AnnexeFinanciere]:
    """Return the annexes and what the ASP says of each; a mission locale has none."""
    if convention.structure_id is None:
        return []
    return list(
        convention.annexes.select_related("annexe_lue").only(*LUS_DES_ANNEXES).order_by("annee", "debut", "pk")
    )


def _signatures(acteur: Acteur, version: Version | None, jour: date) -> list[LigneDeSignature]:
    if version is None:
        return []
    toutes = list(version.signatures.all())
    tours = {(p.partie, p.ordre) for p in a_son_tour([EtatDePartie(s.partie, s.ordre, s.etat) for s in toutes])}
    attend = version.etat != EtatVersion.SIGNEE
    return [
        LigneDeSignature(
            s,
            tour=attend and (s.partie, s.ordre) in tours,
            attend=(jour - (s.remise_le or jour)).days,
            enregistrable=refus_de_signature(acteur, s) is None,
        )
        for s in toutes
    ]


def _tour(
    acteur: Acteur, convention: Convention, en_vigueur: Version | None, en_suspens: Version | None,
    manquement: Manquement | None, regle: Continuite | None, jour: date,
) -> mots.Tour:  # fmt: skip
    """Say where things stand, whose turn it is and what comes next."""
    suivie = convention.etat == E.EN_RENOUVELLEMENT and convention.est_suivie()
    avenant = en_suspens.etat if en_suspens else None
    cpo = convention.structure_id is None
    partie, ensuite = mots.partie_du_tour(convention.etat, avenant, suivie=suivie, cpo=cpo)
    sienne = None if suivie and avenant is None else lecture(acteur.role, convention.etat, avenant, cpo=cpo)
    ou = str(E(convention.etat).label)
    if en_suspens and convention.etat in EN_VIGUEUR:
        ou = f"{en_suspens.libelle} : {str(EtatVersion(en_suspens.etat).label).lower()}"
    precision_ou = f"Depuis le {en_mots(convention.etat_depuis)}."
    if en_suspens and en_vigueur:
        precision_ou = f"Les termes de l’acte « {en_vigueur.libelle} » continuent de s’appliquer."
    qui, precision_qui, a_moi = mots.a_qui(acteur, partie), "", mots.est_a_moi(acteur, partie)
    if partie == mots.SIGNATAIRES and en_suspens:
        ou, qui, precision_qui, a_moi = _tour_de_signature(acteur, en_suspens, ou, jour)
    if manquement:
        precision_qui = f"Observations jusqu’au {en_mots(manquement.observations_avant)}."
    return mots.Tour(
        ou, qui, sienne or ensuite, a_moi, precision_ou, precision_qui,
        _limite(en_vigueur, en_suspens, regle, jour),
    )  # fmt: skip


def _tour_de_signature(acteur: Acteur, version: Version, ou: str, jour: date) -> tuple[str, str, str, bool]:
    """« Avenant n° 2 : deux signatures sur quatre », the party awaited (« À vous » to it), since when."""
    lignes = _signatures(acteur, version, jour)
    recues = sum(1 for x in lignes if x.signature.etat in {"signee", "substituee"})
    attendues = [x for x in lignes if x.tour]
    if not attendues:
        return ou, "À personne", "", False
    mienne = next((x for x in attendues if acteur.organisation == x.signature.organisation), None)
    premier = mienne or attendues[0]
    autres = f" et {pluriel(len(attendues) - 1, 'autre')}" if len(attendues) > 1 else ""
    quand = f"il y a {pluriel(premier.attend, 'jour')}" if premier.attend else "aujourd’hui"
    depuis = f"L’acte {'vous' if mienne else 'lui'} a été remis {quand}." if premier.signature.remise_le else ""
    compte = f"{version.libelle} : {pluriel(recues, 'signature')} sur {len(lignes)}"
    qui = "À vous" if mienne else str(premier.signature.organisation)
    return compte, f"{qui}{autres}", depuis, mienne is not None


def _limite(en_vigueur: Version | None, en_suspens: Version | None, regle: Continuite | None, jour: date) -> str:
    """The date limit and what happens then, for an avenant that only continuity carries."""
    if regle is None or en_vigueur is None or en_suspens is None:
        return ""
    if regle.situation(jour, en_vigueur.clauses_fin) == Situation.CLAUSES:
        return ""
    if jour <= regle.limite:
        reste = pluriel((regle.limite - jour).days, "jour")
        return f"À défaut de signature le {en_mots(regle.limite)}, les versements sont suspendus. Il reste {reste}."
    return f"Sans signature le {en_mots(regle.reprise)}, l’aide de l’année est réclamée."


def _fin(version: Version, suivante: Version | None, convention: Convention) -> date:
    """Last day out of what a version covers by itself."""
    fin = version.clauses_fin or convention.fin
    if suivante is not None and suivante.etat == EtatVersion.SIGNEE:
        fin = min(fin, max(suivante.effet, version.effet))
    return max(fin, version.effet)


def _figure(
    convention: Convention, versions: list[Version], en_vigueur: Version | None, regle: Continuite | None, jour: date
) -> Figure:
    courante = None if convention.etat in CLOS else en_vigueur
    montrees = [v for v in versions if v.etat != EtatVersion.ABANDONNEE]
    bandes = []
    for rang, version in enumerate(montrees):
        fin = _fin(version, montrees[rang + 1] if rang + 1 < len(montrees) else None, convention)
        if fin <= version.effet:
            continue
        signee = version.etat == EtatVersion.SIGNEE
        suite = ", en vigueur" if version is courante else "" if signee else f", {version.get_etat_display().lower()}"
        termes = version.termes
        texte = valeur("postes", termes.postes) if termes.postes is not None else valeur("dotation", termes.dotation)
        continuite = None
        if version is courante and regle and regle.situation(jour, version.clauses_fin) == Situation.CONTINUITE:
            continuite = regle.limite
        bandes.append(Bande(f"{version.libelle}{suite}", version.effet, fin, texte, signee, continuite))
    return frise(bandes, debut=convention.debut, fin=convention.fin, jour=jour, cle="frise",
                 titre=f"Vie de la convention {convention.reference}")  # fmt: skip


def _phrase(
    convention: Convention,
    en_vigueur: Version | None,
    en_suspens: Version | None,
    regle: Continuite | None,
    jour: date,
) -> str:
    """The rule of continuity with its article, when it is what carries the terms."""
    if en_vigueur is None:
        return "Aucune version n’est encore en vigueur."
    if convention.etat in CLOS:
        dernier = convention.dernier_jour if convention.etat == E.EXPIRE else convention.etat_depuis
        return f"Les termes de l’acte « {en_vigueur.libelle} » se sont appliqués jusqu’au {en_mots(dernier)}."
    if regle is None:
        return f"Les termes de l’acte « {en_vigueur.libelle} » s’appliquent depuis le {en_mots(en_vigueur.effet)}."
    article = ARTICLES[convention.categorie].continuite
    situation = regle.situation(jour, en_vigueur.clauses_fin)
    if situation == Situation.CONTINUITE:
        suivant = en_suspens.libelle if en_suspens else "l’avenant de l’année"
        return (
            f"Les termes de l’acte « {en_vigueur.libelle} » s’appliquent par continuité jusqu’à la signature de "
            f"{suivant}, et au plus tard jusqu’au {en_mots(regle.limite)} (article {article} du code du travail)."
        )
    if situation == Situation.CLAUSES:
        return f"Les termes de l’acte « {en_vigueur.libelle} » s’appliquent depuis le {en_mots(en_vigueur.effet)}."
    return (
        f"L’avenant de l’année n’est pas signé. La date limite était le {en_mots(regle.limite)} : les versements "
        f"sont à suspendre, et l’aide se réclame à partir du {en_mots(regle.reprise)} (article {article} du code du "
        "travail)."
    )


def _echeances(
    convention: Convention, en_vigueur: Version | None, manquement: Manquement | None, regle: Continuite | None,
    jour: date,
) -> list[Echeance]:  # fmt: skip
    dates = []
    if manquement:
        dates.append(Echeance(manquement.observations_avant, "structure", "Observations sur le manquement",
                              "La décision se prend ensuite."))  # fmt: skip
    if convention.etat in EN_VIGUEUR:
        if regle and en_vigueur and en_vigueur.clauses_fin and en_vigueur.clauses_fin <= jour:
            dates.append(Echeance(regle.limite, "tous", "Limite de signature de l’avenant",
                                  "Ensuite, les versements sont suspendus."))  # fmt: skip
            dates.append(Echeance(regle.reprise, "tous", "Reprise de l’aide de l’année",
                                  "Si rien n’est signé ce jour-là."))  # fmt: skip
        if convention.fin.year > jour.year + 1:
            dates.append(Echeance(date(jour.year, 10, 1), "service", f"Préparation de l’avenant {jour.year + 1}",
                                  "Dialogue de gestion, forme allégée."))  # fmt: skip
        fin = Echeance(convention.dernier_jour, "tous", "Fin de la convention", "Renouveler par le même chemin.")
        dates.append(fin)
    elif convention.etat not in {E.RESILIE, E.EXPIRE, E.REFUSE}:
        dates.append(Echeance(convention.debut, "tous", "Prise d’effet prévue"))
    return sorted((d for d in dates if d.jour >= jour), key=lambda d: d.jour)
