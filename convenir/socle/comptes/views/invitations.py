"""Invite, list, cancel, accept."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenir.socle.commun.erreurs import EntreeInvalide, ErreurMetier
from convenir.socle.comptes import actions, policies
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.forms import FormulaireInvitation, FormulaireNouveauCompte
from convenir.socle.comptes.models import Invitation, Utilisateur
from convenir.socle.comptes.pages import acteur_de_la_requete, agir, exige
from convenir.socle.comptes.queries import (
    invitation_ouverte,
    invitations_gerees,
    organisations_trouvees,
    structures_confiables,
)
from convenir.socle.organisations.models import Nature, Organisation

PAR_PAGE = 50
MOTEUR_LOCAL = "django.contrib.auth.backends.ModelBackend"


@require_GET
@exige(Capacite.INVITER)
def invitations(request: HttpRequest) -> HttpResponse:
    """List the invitations one looks after, latest first, with their state."""
    maintenant = timezone.now()
    page = Paginator(invitations_gerees(acteur_de_la_requete(request)), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "lignes": [(invitation, invitation.etat(maintenant)) for invitation in page],
    }
    return render(request, "comptes/invitations.html", contexte)


@require_http_methods(["GET", "POST"])
@exige(Capacite.INVITER)
def inviter(request: HttpRequest) -> HttpResponse:
    """Invite a person, in one's organisation; the administration chooses the organisation first."""
    acteur = acteur_de_la_requete(request)
    organisation = _organisation_choisie(request, acteur)
    if organisation is None:
        texte = request.GET.get("q", "").strip()
        contexte = {"texte": texte, "organisations": organisations_trouvees(texte)}
        return render(request, "comptes/choisir_organisation.html", contexte)
    formulaire = _formulaire_d_invitation(request, acteur, organisation)
    if request.method == "POST" and formulaire.is_valid() and _envoyer(request, acteur, organisation, formulaire):
        return redirect("comptes:invitations")
    return render(request, "comptes/inviter.html", {"formulaire": formulaire, "organisation": organisation})


def _organisation_choisie(request: HttpRequest, acteur: Acteur) -> Organisation | None:
    """Return one's own organisation, or for the administration the one of the address."""
    if not policies.gere_tout(acteur):
        return acteur.organisation
    cle = request.GET.get("organisation", "")
    return get_object_or_404(Organisation, pk=cle) if cle.isdecimal() else None


def _formulaire_d_invitation(request: HttpRequest, acteur: Acteur, organisation: Organisation) -> FormulaireInvitation:
    porteur = organisation.nature == Nature.SIAE_PORTEUR
    return FormulaireInvitation(
        request.POST or None,
        roles=policies.roles_proposables(acteur, organisation),
        structures=structures_confiables(acteur, organisation)[0] if porteur else [],
    )


def _envoyer(
    request: HttpRequest, acteur: Acteur, organisation: Organisation, formulaire: FormulaireInvitation
) -> bool:
    """Send the invitation and say so; return False when the form must be shown again with its error."""
    choix = formulaire.cleaned_data
    try:
        actions.inviter(
            acteur,
            choix["email"],
            organisation,
            choix["role"],
            adresse_de=lambda jeton: request.build_absolute_uri(reverse("comptes:accepter_invitation", args=[jeton])),
            maintenant=timezone.now(),
            structures=choix.get("structures", ()),
        )
    except EntreeInvalide as erreur:
        formulaire.add_error(None, str(erreur))
        return False
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return True
    messages.success(request, f"L'invitation est partie à {choix['email']}.")
    return True


@require_POST
@exige(Capacite.INVITER)
def annuler_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel an invitation."""
    acteur = acteur_de_la_requete(request)
    get_object_or_404(invitations_gerees(acteur), pk=pk)
    acte = lambda: actions.annuler_invitation(acteur, pk, maintenant=timezone.now())
    dit = lambda invitation: f"L'invitation de {invitation.email} est annulée : son lien n'ouvre plus rien."
    return agir(request, acte, dit, "comptes:invitations")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def accepter_invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Accept an invitation: with one's account, or by creating it."""
    invitation = invitation_ouverte(jeton, timezone.now())
    if invitation is None:
        return _lien_mort(request, actions.LIEN_MORT)
    a_un_compte = Utilisateur.objects.filter(email=invitation.email).exists()
    accepter = _accepter_avec_son_compte if a_un_compte else _accepter_en_creant_un_compte
    try:
        return accepter(request, invitation, jeton)
    except EntreeInvalide as erreur:
        return _lien_mort(request, str(erreur))


def _lien_mort(request: HttpRequest, raison: str) -> HttpResponse:
    return render(request, "comptes/invitation_morte.html", {"raison": raison}, status=410)


def _accepter_avec_son_compte(request: HttpRequest, invitation: Invitation, jeton: str) -> HttpResponse:
    acteur = acteur_de_la_requete(request)
    est_le_sien = acteur.utilisateur is not None and acteur.utilisateur.email == invitation.email
    if request.method == "POST" and est_le_sien:
        actions.accepter_invitation(
            jeton, maintenant=timezone.now(), utilisateur=acteur.utilisateur, requete_id=acteur.requete_id
        )
        messages.success(request, f"Vous avez rejoint {invitation.organisation}.")
        return redirect("comptes:mon_compte")
    contexte = {"invitation": invitation, "est_le_sien": est_le_sien, "autre_compte": acteur.utilisateur}
    return render(request, "comptes/accepter_avec_compte.html", contexte)


def _accepter_en_creant_un_compte(request: HttpRequest, invitation: Invitation, jeton: str) -> HttpResponse:
    formulaire = FormulaireNouveauCompte(request.POST or None, utilisateur=Utilisateur(email=invitation.email))
    if request.method == "POST" and formulaire.is_valid():
        adhesion = actions.accepter_invitation(
            jeton,
            maintenant=timezone.now(),
            prenom=formulaire.cleaned_data["prenom"],
            nom=formulaire.cleaned_data["nom"],
            mot_de_passe=formulaire.cleaned_data["nouveau"],
            requete_id=acteur_de_la_requete(request).requete_id,
        )
        login(request, adhesion.utilisateur, backend=MOTEUR_LOCAL)
        messages.success(request, f"Votre compte est prêt. Vous agissez pour {invitation.organisation}.")
        return redirect("portail:accueil")
    return render(request, "comptes/accepter.html", {"invitation": invitation, "formulaire": formulaire})
