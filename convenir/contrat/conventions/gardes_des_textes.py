"""Guards that the texts ask for, each named after what it says."""

from __future__ import annotations

from convenir.contrat.conventions import droit
from convenir.contrat.conventions.gardes import Contexte, garde
from convenir.contrat.conventions.models import (
    Avis,
    Convention,
    Dispositif,
    Manquement,
    NatureVersion,
    SensAvis,
    Version,
)
from convenir.contrat.conventions.rules import periodes, signataires
from convenir.contrat.conventions.rules.articles import ARTICLES
from convenir.contrat.conventions.rules.continuite import Situation
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.organisations.models import Organisation

_AVANT_DE_S_ENGAGER = ("soumettre_avis", "mettre_en_signature")


@garde(*_AVANT_DE_S_ENGAGER, texte="R. 5132-3, R. 5132-10-8, R. 5132-13, R. 5132-29")
def trois_ans_au_plus(contexte: Contexte) -> str | None:
    """Three years at most."""
    convention = contexte.convention
    annees = droit.duree_maximale(convention.debut)
    if annees is None or not periodes.depasse(convention.periode, annees):
        return None
    return f"La convention dure plus de {annees} ans, le maximum : ramenez sa fin au plus tard à cette durée."


@garde(*_AVANT_DE_S_ENGAGER, texte="Instruction DGEFP 2014-2, point 2")
def annee_civile_preferee_sinon_le_motif(contexte: Contexte) -> str | None:
    """Calendar year preferred; another period with its recorded reason."""
    convention = contexte.convention
    if periodes.suit_l_annee_civile(convention.periode) or convention.motif_periode or convention.exception_2014:
        return None
    return "La période ne suit pas l'année civile : écrivez pourquoi, ou changez ses dates."


@garde(*_AVANT_DE_S_ENGAGER, texte="Instruction DGEFP 2014-2, point 2")
def un_an_pour_une_structure_nouvelle_ou_fragile(contexte: Contexte) -> str | None:
    """One year for new or fragile structures, with the reason."""
    convention = contexte.convention
    if convention.dispositif != Dispositif.IAE or convention.exception_2014:
        return None
    if not periodes.est_d_un_an_au_plus(convention.periode) or convention.motif_duree:
        return None
    return (
        "Une convention d'un an est réservée aux structures nouvelles ou sans garanties suffisantes : dites lequel de "
        "ces motifs, ou prévoyez une durée plus longue."
    )


@garde(*_AVANT_DE_S_ENGAGER, texte="Instruction DGEFP 2014-2, point 2")
def exception_de_2014_dans_ses_limites(contexte: Contexte) -> str | None:
    """2014 exception: EI and ETTI at the start of the year, AI and ACI in the first half."""
    convention = contexte.convention
    if not convention.exception_2014:
        return None
    limite = droit.limite_exception_2014(convention.categorie)
    if periodes.dans_l_exception_2014(convention.debut, convention.categorie, limite):
        return None
    return f"L'exception de 2014 ne vaut que pour un début en 2014, au plus tard le {en_mots(limite)}."


@garde(*_AVANT_DE_S_ENGAGER, texte="R. 5132-2, 3° ; annexe financière")
def les_termes_sont_complets(contexte: Contexte) -> str | None:
    """Posts, unit amount and targets of a convention IAE; the amount of the year of a CPO."""
    if contexte.version is None:
        return None
    manquants = manquants_des_termes(contexte.version.termes, contexte.convention.dispositif)
    return f"Il manque aux termes : {', '.join(manquants)}." if manquants else None


def manquants_des_termes(termes: Termes, dispositif: str) -> list[str]:
    """Return what the terms do not say and must, in words."""
    if dispositif == Dispositif.ML:
        return [] if termes.dotation is not None else ["la dotation de l'État"]
    attendus = {
        "les postes d'insertion": termes.postes,
        "le montant d'un poste": termes.montant_unitaire,
        "les taux de sortie": termes.taux_dynamique,
    }
    return [mots for mots, valeur in attendus.items() if valeur is None]


def avis_requis(convention: Convention, version: Version) -> bool:
    """Tell whether the commission must be consulted: for every convention IAE, except for an avenant that leaves the
    number of posts as it is (it is then informed only)."""
    if convention.dispositif != Dispositif.IAE:
        return False
    if version.nature == NatureVersion.INITIALE:
        return True
    precedente = convention.versions.signees().last()
    return precedente is None or precedente.termes.postes != version.termes.postes


def avis_valable(version: Version) -> Avis | None:
    """Return the last opinion given on the number of posts that the version now says, whatever its sense."""
    rendus = version.avis.exclude(sens=SensAvis.AJOURNE).filter(postes=version.termes.postes)
    return rendus.order_by("-jour", "-pk").first()


@garde("mettre_en_signature", texte="R. 5132-2 ; ASH 2914, renouvellement")
def avis_requis_sauf_avenant_sans_changement_de_postes(contexte: Contexte) -> str | None:
    """Opinion needed unless an avenant leaves the number of posts unchanged."""
    convention, version = contexte.convention, contexte.version
    if version is None or not avis_requis(convention, version) or avis_valable(version):
        return None
    return (
        "L'avis de la commission est requis sur ce nombre de postes : soumettez la version, puis enregistrez l'avis."
    )


@garde("mettre_en_signature", texte="Instruction DGEFP 2014-2, point 2")
def le_cofinanceur_devient_signataire(contexte: Contexte) -> str | None:
    """A funder of posts is a signatory: it must be an organisation that can sign."""
    if contexte.version is None:
        return None
    termes = contexte.version.termes
    payeurs = {c.cle: c.nom for c in termes.cofinancements if signataires.cofinance(c)}
    cles = {int(cle) for cle in payeurs if cle.isdecimal()}
    connus = {str(pk) for pk in Organisation.objects.filter(pk__in=cles).values_list("pk", flat=True)}
    inconnus = [nom for cle, nom in payeurs.items() if cle not in connus]
    return f"{', '.join(inconnus)} cofinance des postes : choisissez l'organisation qui signe." if inconnus else None


@garde("achever_signature", texte="Instruction DGEFP 2014-2, point 2 ; instruction de 2011")
def chaque_partie_a_signe_ou_son_substitut_est_consigne(contexte: Contexte) -> str | None:
    """State, France Travail, structure and co-funders sign, or the dated and attached substitute is recorded."""
    if contexte.version is None:
        return None
    signatures = contexte.version.signatures.exclude(etat="annulee").order_by("ordre")
    manquent = [str(s) for s in signatures if s.etat not in signataires.FAITES]
    return f"Il manque encore : {' ; '.join(manquent)}." if manquent else None


@garde("suspendre", texte="R. 5132-3-1, R. 5132-10-8-1, R. 5132-14, R. 5132-29-1")
def suspension_apres_la_date_limite_seulement(contexte: Contexte) -> str | None:
    """Payments are suspended once the date set by order has passed without a signed avenant, never before."""
    convention, jour = contexte.convention, contexte.jour
    regle = droit.continuite(jour.year)
    derniere = convention.versions.signees().last()
    if convention.categorie not in CATEGORIES_DE_CONTINUITE or regle is None or derniere is None:
        return "La règle de continuité n'est pas connue pour cette convention : rien ne permet de suspendre."
    if regle.situation(jour, derniere.clauses_fin) in {Situation.SUSPENSION, Situation.REPRISE}:
        return None
    if derniere.clauses_fin is None or jour < derniere.clauses_fin:
        return f"Les clauses financières de l'acte « {derniere.libelle} » courent encore : rien n'est à suspendre."
    return f"L'acte précédent s'applique par continuité jusqu'au {en_mots(regle.limite)} inclus."


# Les catégories dont le code porte la règle : toutes sauf les EITI (R. 5132-14 pour les AI, décision 0832).
CATEGORIES_DE_CONTINUITE = frozenset(ARTICLES)


@garde("resilier", texte="R. 5132-5, R. 5132-10-10, R. 5132-16, R. 5132-32")
def au_moins_un_mois_pour_les_observations(contexte: Contexte) -> str | None:
    """The employer has at least one month from the registered letter, whether it has answered or not."""
    ouvert = Manquement.objects.filter(convention=contexte.convention, clos_le=None).first()
    if ouvert is None:
        return "Aucune lettre recommandée n'a ouvert la procédure."
    if contexte.jour >= ouvert.observations_avant:
        return None
    return f"L'employeur a jusqu'au {en_mots(ouvert.observations_avant)} pour ses observations."


@garde("clore_manquement", texte="R. 5132-6, R. 5132-10-11, R. 5132-26, R. 5132-43")
def la_resiliation_est_obligatoire_apres_une_fausse_declaration(contexte: Contexte) -> str | None:
    """False declarations or a diverted purpose: termination is mandatory after the same procedure."""
    ouvert = Manquement.objects.filter(convention=contexte.convention, clos_le=None, obligatoire=True).exists()
    return "Fausses déclarations ou détournement de l'objet : la résiliation est obligatoire." if ouvert else None


@garde("commencer", texte="calendrier")
def la_date_d_effet_est_venue(contexte: Contexte) -> str | None:
    """A convention starts on its first day."""
    debut = contexte.convention.debut
    return None if contexte.jour >= debut else f"La convention prend effet le {en_mots(debut)}."


@garde("expirer", texte="calendrier")
def le_terme_est_passe(contexte: Contexte) -> str | None:
    """A convention ends after its last day."""
    convention = contexte.convention
    return (
        None
        if contexte.jour >= convention.fin
        else f"La convention court jusqu'au {en_mots(convention.dernier_jour)}."
    )


@garde("preparer_avenant", texte="durée de la convention")
def un_avenant_ne_prolonge_pas_une_convention_finie(contexte: Contexte) -> str | None:
    """An avenant lives inside the convention."""
    convention = contexte.convention
    return None if contexte.jour < convention.fin else "La convention est finie : engagez plutôt son renouvellement."


@garde("preparer_avenant", texte="une version à la fois")
def une_seule_version_en_suspens(contexte: Contexte) -> str | None:
    """One pending version at a time."""
    if contexte.convention.versions.en_suspens().exists():
        return "Une version est déjà en préparation ou à signer : signez-la ou abandonnez-la d'abord."
    return None


@garde("retirer_signature", texte="un acte signé ne se retire pas")
def aucune_signature_encore_recue(contexte: Contexte) -> str | None:
    """An act that nobody signed may be taken back."""
    if contexte.version and contexte.version.signatures.filter(etat__in=signataires.FAITES).exists():
        return "Une partie a déjà signé : reprenez plutôt l'acte partiellement signé."
    return None
