"""What each reads of a state: the State agent, the structure, a funder, France Travail. One declared table, in words.

Another reader (national, network, commission) reads the neutral sentence of `mots`. `{la}` names the structure or the
mission locale; what a CPO has not (commission, extranet, France Travail among its signatories) is not said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from convenir.contrat.conventions.mots import EN_AVENANT
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role

E, V = EtatConvention, EtatVersion


class Lecteur(StrEnum):
    """An audience of a state."""

    ETAT = "etat"
    STRUCTURE = "structure"
    FINANCEUR = "financeur"
    FRANCE_TRAVAIL = "france_travail"


_ROLES: dict[str, Lecteur] = {
    Role.DEPARTEMENTAL: Lecteur.ETAT, Role.REGIONAL: Lecteur.ETAT, Role.SIGNATAIRE: Lecteur.ETAT,
    Role.FINANCEUR: Lecteur.FINANCEUR, Role.FRANCE_TRAVAIL: Lecteur.FRANCE_TRAVAIL,
    **dict.fromkeys(ROLES_STRUCTURE, Lecteur.STRUCTURE),
}  # fmt: skip


def _m(etat: str, structure: str, financeur: str, france_travail: str) -> Mapping[Lecteur, str]:
    return MappingProxyType(dict(zip(Lecteur, (etat, structure, financeur, france_travail), strict=True)))


LECTURES: Mapping[str, Mapping[Lecteur, str]] = MappingProxyType({
    E.BROUILLON: _m(
        "{La} prépare sa demande ; vous la recevez à son dépôt.",
        "Remplissez la demande, joignez les pièces, puis déposez-la.",
        "{La} prépare sa demande ; la part qui vous est demandée se lira à son dépôt.",
        "{La} prépare sa demande ; vous la lirez à son dépôt."),
    E.DEPOSE: _m(
        "Dites si la demande est complète ; sinon, demandez les pièces qui manquent.",
        "Le service vérifie que votre demande est complète ; il vous écrit s’il manque une pièce.",
        "Le service vérifie que la demande est complète ; la part qui vous est demandée se lit déjà dans le dossier.",
        "Le service vérifie que la demande est complète, avant de l’instruire."),
    E.INCOMPLET: _m(
        "Attendez les pièces demandées jusqu’à leur échéance ; ensuite, la demande peut être rejetée.",
        "Fournissez les pièces demandées dans le délai et déposez de nouveau ; sinon, la demande peut être rejetée.",
        "Des pièces manquent encore : rien n’est à décider de votre part.",
        "Des pièces manquent encore : l’instruction attend."),
    E.COMPLET: _m(
        "Commencez l’instruction.",
        "Votre demande est complète ; son instruction commence. Vous n’avez rien à faire.",
        "La demande est complète ; préparez votre part du financement.",
        "La demande est complète ; préparez vos engagements d’orientation."),
    E.EN_INSTRUCTION: _m(
        "Instruisez la demande, puis ouvrez la négociation des objectifs et des moyens.",
        "Le service instruit votre demande ; vous négocierez ensuite les objectifs et les moyens.",
        "Dites au service ce que vous attendez et ce que vous financez ; la négociation suit.",
        "Dites au service ce que vous pensez des objectifs d’emploi ; la négociation suit."),
    E.EN_NEGOCIATION: _m(
        "Répondez à chaque position ; une fois les objectifs clos, {agir_ensuite}.",
        "Proposez, acceptez ou refusez chaque objectif avec vos raisons ; une fois clos, {ensuite}.",
        "Les objectifs se négocient ; dites ceux que vous attendez. Vous signerez si vous cofinancez.",
        "Donnez votre position sur les objectifs d’emploi et vos engagements ; vous signerez la convention."),
    E.SOUMIS_AVIS: _m(
        "Le secrétariat de la commission enregistre l’avis ; le préfet décide ensuite.",
        "La commission examine votre projet ; le préfet décide ensuite. Vous n’avez rien à faire.",
        "La commission examine le projet ; si vous cofinancez, l’acte vous sera remis ensuite.",
        "La commission examine le projet ; l’acte vous sera remis ensuite."),
    E.AVIS_RENDU: _m(
        "Mettez l’acte à la signature ; sinon, reprenez la négociation ou refusez, en disant pourquoi.",
        "L’avis est rendu ; l’acte vous sera remis à signer, ou une décision motivée vous sera notifiée.",
        "L’avis est rendu ; si vous cofinancez, l’acte vous sera remis à signer.",
        "L’avis est rendu ; l’acte vous sera remis à signer."),
    E.A_SIGNER: _m(
        "Recueillez chaque signature ; l’État signe en dernier, puis la convention prend effet à sa date.",
        "Signez votre exemplaire et rendez-le au service ; l’État signe en dernier.",
        "Si vous cofinancez, signez votre exemplaire ; attendre votre délibération ne bloque pas la part de l’État.",
        "Signez votre exemplaire ; à défaut, remettez au service l’acte daté qui en tient lieu."),
    E.PARTIELLEMENT_SIGNE: _m(
        "Relancez les parties qui manquent ; l’État signe en dernier, puis la convention prend effet à sa date.",
        "Si vous n’avez pas encore signé, signez votre exemplaire ; l’État signe en dernier.",
        "Si vous cofinancez et n’avez pas encore signé, signez votre exemplaire.",
        "Si vous n’avez pas encore signé, signez votre exemplaire ou remettez l’acte daté qui en tient lieu."),
    E.SIGNE: _m(
        "La convention prend effet à sa date de début.{saisie}",
        "La convention prend effet à sa date de début ; vous n’avez plus rien à signer.",
        "La convention prend effet à sa date de début ; votre annexe dit vos responsabilités et votre part.",
        "La convention prend effet à sa date de début ; vos engagements d’orientation commencent avec elle."),
    E.EN_COURS: _m(
        "Suivez les échéances ; l’avenant de l’année suivante se prépare au quatrième trimestre.",
        "Tenez vos engagements et déposez votre bilan à sa date ; l’avenant suivant se prépare en fin d’année.",
        "Suivez les objectifs que vous attendez ; le compte rendu financier vous est dû avec le bilan.",
        "Suivez les orientations auxquelles vous vous êtes engagés ; le bilan dit ce qui a été tenu."),
    E.AVENANT_EN_PREPARATION: _m(
        "Préparez l’avenant ; les termes précédents s’appliquent jusqu’à sa signature.",
        "Le service prépare un avenant avec vous ; les termes précédents s’appliquent jusqu’à sa signature.",
        "Un avenant se prépare ; vous le signerez s’il porte votre cofinancement.",
        "Un avenant se prépare ; il vous sera remis à signer."),
    E.SUSPENDU: _m(
        "Faites signer l’avenant de l’année : les versements reprennent à sa signature.",
        "Signez l’avenant de l’année : vos versements reprennent à sa signature ; sans lui, l’aide se réclame.",
        "Les versements de l’État attendent la signature de l’avenant de l’année ; les vôtres suivent vos règles.",
        "Les versements attendent la signature de l’avenant de l’année ; signez-le s’il vous a été remis."),
    E.MANQUEMENT: _m(
        "Attendez les observations jusqu’à la date de la lettre, puis décidez : résilier, ou clore sans suite.",
        "Présentez vos observations avant la date de la lettre, un mois au moins ; une décision motivée suit.",
        "{La} a un mois au moins pour ses observations ; une décision suit, et vous est dite.",
        "{La} a un mois au moins pour ses observations ; une décision suit."),
    E.RESILIE: _m(
        "Notifiez la décision avec sa preuve ; suivez les recours et les sommes à recouvrer.",
        "Votre convention est finie ; les voies et délais de recours sont sur la décision.",
        "La convention est finie ; voyez ce qui a été versé au titre de votre cofinancement.",
        "La convention est finie ; aucune orientation nouvelle ne s’y rattache."),
    E.EXPIRE: _m(
        "Le bilan final et l’analyse des résultats restent à partager.",
        "Déposez votre bilan final ; l’analyse des résultats se partage avec le service.",
        "Le bilan final et le compte rendu financier vous restent dus.",
        "Le bilan final dira ce que vos orientations ont donné."),
    E.EN_RENOUVELLEMENT: _m(
        "Analysez les résultats avec {la}, puis instruisez la demande qu’elle dépose.",
        "Déposez la demande qui suit ; le service analyse les résultats avec vous.",
        "La convention se renouvelle ; dites ce que vous attendez de la suite.",
        "La convention se renouvelle ; dites ce que vous pensez des résultats et de la suite."),
    E.REFUSE: _m(
        "Notifiez la décision avec sa preuve ; un recours accueilli rouvre la demande.",
        "Les voies et délais de recours sont sur la décision qui vous est notifiée.",
        "La demande est refusée : rien n’est à financer, sauf recours accueilli.",
        "La demande est refusée ; seul un recours accueilli la rouvre."),
})  # fmt: skip

# L'avenant qui attend, pendant que la convention court.
LECTURES_D_AVENANT: Mapping[str, Mapping[Lecteur, str]] = MappingProxyType({
    V.PREPARATION: _m(
        "Écrivez les termes de l’avenant ; {avenant_ensuite}.",
        "Le service écrit l’avenant avec vous ; les termes précédents s’appliquent jusqu’à sa signature.",
        "Un avenant se prépare ; vous le signerez s’il porte votre cofinancement.",
        "Un avenant se prépare ; il vous sera remis à signer."),
    V.SOUMISE_AVIS: _m(
        "Le secrétariat de la commission enregistre l’avis sur l’avenant.",
        "La commission examine l’avenant ; vous n’avez rien à faire.",
        "La commission examine l’avenant ; vous le signerez s’il porte votre cofinancement.",
        "La commission examine l’avenant ; il vous sera remis à signer."),
    V.AVIS_RENDU: _m(
        "Mettez l’avenant à la signature, ou reprenez ses termes en disant pourquoi.",
        "L’avis est rendu ; l’avenant vous sera remis à signer.",
        "L’avis est rendu ; l’avenant vous sera remis s’il porte votre cofinancement.",
        "L’avis est rendu ; l’avenant vous sera remis à signer, comme la convention."),
    V.A_SIGNER: _m(
        "Recueillez chaque signature ; l’État signe en dernier, puis l’avenant s’applique à sa date d’effet.",
        "Signez votre exemplaire de l’avenant et rendez-le au service ; l’État signe en dernier.",
        "Si l’avenant porte votre cofinancement, signez votre exemplaire.",
        "Signez votre exemplaire de l’avenant ; à défaut, remettez au service l’acte daté qui en tient lieu."),
    V.PARTIELLEMENT_SIGNEE: _m(
        "Relancez les parties qui manquent ; l’État signe en dernier, puis l’avenant s’applique à sa date d’effet.",
        "Si vous n’avez pas encore signé l’avenant, signez votre exemplaire ; l’État signe en dernier.",
        "Si l’avenant porte votre cofinancement et que vous n’avez pas encore signé, signez votre exemplaire.",
        "Si vous n’avez pas encore signé l’avenant, signez-le ou remettez l’acte daté qui en tient lieu."),
})  # fmt: skip

PHRASES_IAE = {
    "la": "la structure", "La": "La structure", "agir_ensuite": "soumettez la convention à la commission",
    "ensuite": "la convention est soumise à la commission", "saisie": " Saisissez son annexe dans l’extranet.",
    "avenant_ensuite": "il part à l’avis si le nombre de postes change, sinon à la signature",
}  # fmt: skip
PHRASES_CPO = {
    "la": "la mission locale", "La": "La mission locale", "agir_ensuite": "mettez la convention à la signature",
    "ensuite": "la convention vous est remise à signer", "saisie": "",
    "avenant_ensuite": "il part ensuite à la signature",
}  # fmt: skip


def lecteur_de(role: str | None) -> Lecteur | None:
    """Return the audience of a role; None for who only looks on."""
    return _ROLES.get(role or "")


def lecture(role: str | None, etat: str, etat_avenant: str | None, *, cpo: bool) -> str | None:
    """Return what a role reads of a state: what this person does or waits for; None when the neutral sentence stands.

    Args:
        etat: state of the convention.
        etat_avenant: state of the version that waits, None without one.
        cpo: whether it is a mission locale's; France Travail does not sign it.
    """
    lecteur = lecteur_de(role)
    if lecteur is None or (cpo and lecteur == Lecteur.FRANCE_TRAVAIL):
        return None
    dites = LECTURES_D_AVENANT.get(etat_avenant or "") if etat in EN_AVENANT else None
    return (dites or LECTURES[etat])[lecteur].format_map(PHRASES_CPO if cpo else PHRASES_IAE)
