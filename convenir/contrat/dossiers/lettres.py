"""The letters of a file, to edit and to print: acknowledgements of receipt, request for missing pieces."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from convenir.contrat.conventions.documents.contextes import ActeDocument, Tableau
from convenir.contrat.conventions.documents.lettres import lettre, paragraphe
from convenir.contrat.conventions.documents.produits import Ecrit, proposer_des_ecrits, reserver_la_lecture
from convenir.contrat.conventions.models import Convention
from convenir.contrat.dossiers.models import Accuse, DemandeDePiece, Dossier
from convenir.contrat.dossiers.policies import lit_en_entier
from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.comptes.acteur import Acteur


def pieces_attendues(dossier: Dossier) -> list[DemandeDePiece]:
    """Return what the service asked for and still waits for, the most urgent first."""
    return list(dossier.demandes.filter(fournie_le=None, abandonnee_le=None).order_by("echeance", "pk"))


def demande_de_pieces(dossier: Dossier, attendues: list[DemandeDePiece]) -> ActeDocument:
    """Return the letter that asks for the missing pieces, with the last day and what happens otherwise."""
    convention = dossier.convention
    derniere: date = max(d.echeance for d in attendues)
    demandee = timezone.localdate(max(d.demandee_le for d in attendues))
    puces = tuple(f"{d.precision}, avant la fin du {en_mots(d.echeance)}." for d in attendues)
    articles = (
        paragraphe("Ce qui manque", "Votre demande n’est pas complète. Il manque :", puces=puces),
        paragraphe(
            "Comment répondre", "Déposez ces pièces dans Convenir, sur la page « Pièces » du dossier, puis déposez de "
            "nouveau la demande. Ce que vous avez déjà remis reste au dossier.",
        ),
        paragraphe(
            "Sans réponse", f"Sans ces pièces à la fin du {en_mots(derniere)}, la demande peut être rejetée.",
        ),
    )  # fmt: skip
    return lettre(
        convention, "DP", "Demande de pièces", articles, etat=f"Demande du {en_mots(demandee)}",
        cartouche=(("Demande du", en_mots(demandee)), ("À fournir avant la fin du", en_mots(derniere))),
        signature=("Pour le service instructeur", ""), jour=demandee,
    )  # fmt: skip


def accuse_de_reception(convention: Convention, accuse: Accuse) -> ActeDocument:
    """Return an acknowledgement as it was issued, to edit: its words are those kept with it."""
    dits = accuse.contenu
    financements = Tableau(
        ("Financeur", "Missions de base", "Efforts particuliers", "Total"),
        tuple(tuple(rang) for rang in dits["financements"]),
        nombres=(1, 2, 3),
    )
    articles = (
        paragraphe(
            "Votre demande",
            f"Votre demande de convention et de subventions, pour la période {dits['periode']}, a été reçue le "
            f"{dits['recu_le']}. Le délai d’instruction est de {dits['delai']} : vous aurez une réponse au plus tard "
            f"le {dits['limite']}. {dits['silence']}".strip(), dits["a_confirmer"], dits["tardif"],
        ),
        paragraphe(
            "Ce que vous demandez", "" if financements.rangs else "Aucun financement chiffré.",
            tableau=financements if financements.rangs else None,
        ),
        paragraphe("Pièces reçues", "" if dits["pieces"] else "Aucune pièce jointe.", puces=tuple(dits["pieces"])),
        paragraphe("La suite", dits["suite"]),
    )  # fmt: skip
    return lettre(
        convention, f"AR-{accuse.rang}", "Accusé de réception", articles, etat=f"Demande reçue le {dits['recu_le']}",
        cartouche=(("Reçue le", dits["recu_le"]), ("Réponse au plus tard le", dits["limite"])),
        signature=("Pour le service instructeur", ""), jour=accuse.recu_le,
    )  # fmt: skip


@reserver_la_lecture
def accuse_de_tous_les_financeurs(acteur: Acteur, _reference: str, cles: Collection[str]) -> dict[str, str]:
    """Keep an acknowledgement from a funder: it lists what is asked of the others too."""
    if lit_en_entier(acteur):
        return {}
    return {cle: "Cet accusé dit ce qui est demandé à chaque financeur." for cle in cles if cle.startswith("accuse-")}


@proposer_des_ecrits
def ecrits_du_dossier(convention: Convention, jour: date) -> list[Ecrit]:  # noqa: ARG001
    """Return the letters that a file gives: one by acknowledgement, one for the pieces still awaited."""
    dossier = Dossier.objects.filter(convention=convention).first()
    if dossier is None:
        return []
    lettres = [
        Ecrit(convention, f"accuse-{a.rang}", f"Accusé de réception n° {a.rang}", a.emis_le,
              lambda a=a: accuse_de_reception(convention, a))  # type: ignore[misc]
        for a in dossier.accuses.order_by("rang")
    ]  # fmt: skip
    attendues = pieces_attendues(dossier)
    if attendues:
        dossier.convention = convention
        demandees = max(d.demandee_le for d in attendues)
        lettres.append(
            Ecrit(convention, f"pieces-{attendues[-1].pk}", "Lettre : demande de pièces", demandees,
                  lambda: demande_de_pieces(dossier, attendues))
        )  # fmt: skip
    return lettres
