"""Forms of the funders' annexes, of the analysis at the end of a convention, of the controls."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from convenir.contrat.conventions.actions import Projet
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries.financeurs import financeurs_possibles
from convenir.contrat.suivi.actions.controles import Resultat
from convenir.contrat.suivi.forms import zone
from convenir.contrat.suivi.models import Preconisation
from convenir.contrat.suivi.rules.renouvellement import CAUSES, Issue
from convenir.socle.comptes.formulaires import Entier, FormulaireDsfr, Jour, Montant
from convenir.socle.organisations.models import Organisation


def _organisation() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label="Financeur", queryset=Organisation.objects.none(), empty_label="Choisissez un financeur",
        help_text="Seul son compte, parmi les financeurs, lira cette annexe.",
    )  # fmt: skip


class FormulaireAnnexeDeFinanceur(FormulaireDsfr):
    """What a funder of the territory expects and answers for."""

    organisation = _organisation()
    annee = Entier(label="Année", min_value=2000, max_value=2100)
    prevu = Montant("Montant prévu, en euros")
    objectifs = forms.CharField(label="Objectifs qu’il attend", required=False, max_length=4000, widget=zone())
    responsabilites = forms.CharField(label="Ses responsabilités", required=False, max_length=4000, widget=zone())

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = financeurs_possibles(convention)  # type: ignore[attr-defined]


class FormulaireRattachement(FormulaireDsfr):
    """The organisation of an annex written before funders were chosen from the list."""

    organisation = _organisation()

    def __init__(self, *args: Any, convention: Convention, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = financeurs_possibles(convention)  # type: ignore[attr-defined]


class FormulaireDepotSansCompteRendu(FormulaireDsfr):
    """Why a bilan is filed without every account, or when they will come."""

    motif = forms.CharField(
        label="Pourquoi un compte rendu manque", required=False, max_length=1000, widget=zone(),
        help_text="Le service le lit. Inutile si vous donnez le jour où il viendra.",
    )  # fmt: skip
    attendu_le = Jour("Compte rendu attendu le", required=False)


class FormulaireCompteRendu(FormulaireDsfr):
    """The account of a funder's money."""

    realise = Montant("Montant réalisé, en euros")
    explication = forms.CharField(
        label="Explication de l’écart", required=False, max_length=4000, widget=zone(),
        help_text="Nécessaire dès que le réalisé diffère du prévu.",
    )  # fmt: skip


class FormulaireAnalyse(FormulaireDsfr):
    """The shared analysis of the results."""

    issue = forms.ChoiceField(
        label="Les objectifs sont",
        choices=[
            (Issue.ATTEINT, "atteints"),
            (Issue.NON_ATTEINT, "non atteints"),
            (Issue.A_APPRECIER, "atteints en partie"),
        ],
    )
    partenariat = forms.CharField(
        label="Atteints : partenariat renforcé proposé", required=False, max_length=4000, widget=zone(),
        help_text="Par exemple, davantage de personnes confiées à la structure.",
    )  # fmt: skip
    contexte = forms.CharField(label=CAUSES["contexte"], required=False, max_length=4000, widget=zone())
    difficultes = forms.CharField(label=CAUSES["difficultes"], required=False, max_length=4000, widget=zone())
    organisation = forms.CharField(label=CAUSES["organisation"], required=False, max_length=4000, widget=zone())
    publics = forms.CharField(label=CAUSES["publics"], required=False, max_length=4000, widget=zone())
    solutions = forms.CharField(
        label="Solutions", required=False, max_length=4000, widget=zone(),
        help_text="Non atteints : écrivez au moins une des quatre causes, et les solutions.",
    )  # fmt: skip


class FormulairePreconisation(FormulaireDsfr):
    """A recommendation and its year."""

    libelle = forms.CharField(label="Préconisation", max_length=300)
    horizon = Entier(label="À réaliser en", min_value=2000, max_value=2100)
    porteur = forms.CharField(label="Portée par", required=False, max_length=200)


class FormulaireSuitePreconisation(FormulaireDsfr):
    """What came of a recommendation."""

    etat = forms.ChoiceField(label="État", choices=Preconisation.ETATS)
    suite = forms.CharField(label="Ce qu’il en est", required=False, max_length=500)


class FormulaireTirage(FormulaireDsfr):
    """The draw of a year."""

    annee = Entier(label="Année contrôlée", min_value=2020, max_value=2100)
    graine = forms.CharField(
        label="Graine", max_length=100,
        help_text="Publiez-la avant le tirage : avec la liste, elle permet à chacun de le refaire.",
    )  # fmt: skip
    taille = Entier(label="Nombre de structures tirées", min_value=1, max_value=1000)


class FormulaireEmbauches(FormulaireDsfr):
    """The draw of the hires of one structure."""

    effectif = Entier(
        label="Auto-prescriptions de l’année contrôlée", min_value=1, max_value=10_000,
        help_text="Longueur de la liste de la structure, classée par date d’embauche. Aucun nom n’est demandé.",
    )  # fmt: skip
    taille = Entier(label="Nombre d’embauches tirées", min_value=1, max_value=1000)


class FormulaireDecisionDeControle(FormulaireDsfr):
    """The result of a control and, when it suspends or reclaims, the adverse decision with its every line."""

    resultat = forms.ChoiceField(
        label="Résultat", choices=[("conforme", "Conforme"), ("non_conforme", "Non conforme")]
    )
    personnes = Entier(label="Embauches non éligibles", required=False)
    motif = forms.CharField(
        label="Motifs", required=False, max_length=4000, widget=zone(5),
        help_text="Nécessaires si le contrôle est défavorable : ce sont les faits de la décision.",
    )  # fmt: skip
    suspension_du = Jour(
        "Auto-prescription suspendue du",
        "jj/mm/aaaa. Suspendre ou demander un remboursement est une décision : remplissez alors tout ce qui suit.",
        required=False,
    )
    suspension_au = Jour("Jusqu’au (exclu)", required=False)
    remboursement = Montant("Remboursement demandé, en euros", required=False)
    prise_le = Jour("Date de la décision", required=False, passe=True)
    articles = forms.CharField(
        label="Articles appliqués", required=False, max_length=300, help_text="À confirmer avant de signer."
    )
    signataire = forms.CharField(label="Signataire", required=False, max_length=200)
    qualite = forms.CharField(label="Qualité du signataire", required=False, max_length=200)
    fondement = forms.CharField(
        label="Délégation de signature", required=False, max_length=300,
        help_text="Vide si le préfet signe lui-même",
    )  # fmt: skip
    voies = forms.CharField(label="Voies et délais de recours", required=False, max_length=4000, widget=zone(4))

    def resultat_lu(self, jour: date) -> Resultat:
        """Return the result as written, with its decision when it suspends or reclaims."""
        p = self.cleaned_data
        conforme = p["resultat"] == "conforme"
        mesure = p["suspension_du"] or p["suspension_au"] or p["remboursement"]
        projet = self._projet(jour) if mesure else None
        return Resultat(conforme, p["personnes"], p["motif"], projet)

    def _projet(self, jour: date) -> Projet:
        p = self.cleaned_data
        return Projet(
            faits=p["motif"], articles=p["articles"], signataire=p["signataire"], qualite=p["qualite"],
            prise_le=p["prise_le"] or jour, voies=p["voies"], delegue=bool(p["fondement"]), fondement=p["fondement"],
            mention_algorithmique=True, montant=p["remboursement"] or None, effet_du=p["suspension_du"],
            effet_au=p["suspension_au"],
        )  # fmt: skip
