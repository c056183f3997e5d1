"""Forms of the funders' annexes, of the analysis at the end of a convention, of the controls."""

from __future__ import annotations

from django import forms

from convenir.contrat.dossiers.forms import ChampMontant
from convenir.contrat.suivi.actions.suites import Decision
from convenir.contrat.suivi.forms import calendrier, zone
from convenir.contrat.suivi.models import Preconisation
from convenir.contrat.suivi.rules.renouvellement import CAUSES, Issue
from convenir.socle.comptes.formulaires import FormulaireDsfr

DECIMAL = {"min_value": 0, "max_digits": 14, "decimal_places": 2}


def montant(libelle: str, *, requis: bool = True) -> ChampMontant:
    """Return a field of euros."""
    saisie = forms.TextInput(attrs={"inputmode": "decimal"})
    return ChampMontant(
        label=libelle, required=requis, min_value=0, max_digits=14, decimal_places=2, localize=False, widget=saisie
    )


class FormulaireAnnexeDeFinanceur(FormulaireDsfr):
    """What a funder expects and answers for."""

    financeur = forms.CharField(label="Financeur", max_length=200)
    annee = forms.IntegerField(label="Année", min_value=2000, max_value=2100)
    prevu = montant("Montant prévu, en euros")
    objectifs = forms.CharField(label="Objectifs qu’il attend", required=False, max_length=4000, widget=zone())
    responsabilites = forms.CharField(label="Ses responsabilités", required=False, max_length=4000, widget=zone())


class FormulaireCompteRendu(FormulaireDsfr):
    """The account of a funder's money."""

    realise = montant("Montant réalisé, en euros")
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
    solutions = forms.CharField(label="Solutions", required=False, max_length=4000, widget=zone())


class FormulairePreconisation(FormulaireDsfr):
    """A recommendation and its year."""

    libelle = forms.CharField(label="Préconisation", max_length=300)
    horizon = forms.IntegerField(label="À réaliser en", min_value=2000, max_value=2100)
    porteur = forms.CharField(label="Portée par", required=False, max_length=200)


class FormulaireSuitePreconisation(FormulaireDsfr):
    """What came of a recommendation."""

    etat = forms.ChoiceField(label="État", choices=Preconisation.ETATS)
    suite = forms.CharField(label="Ce qu’il en est", required=False, max_length=500)


class FormulaireTirage(FormulaireDsfr):
    """The draw of a year."""

    annee = forms.IntegerField(label="Année contrôlée", min_value=2020, max_value=2100)
    graine = forms.CharField(
        label="Graine", max_length=100,
        help_text="Publiez-la avant le tirage : avec la liste, elle permet à chacun de le refaire.",
    )  # fmt: skip
    taille = forms.IntegerField(label="Nombre de structures tirées", min_value=1, max_value=1000)


class FormulaireEmbauches(FormulaireDsfr):
    """The draw of the hires of one structure."""

    effectif = forms.IntegerField(
        label="Auto-prescriptions de l’année contrôlée", min_value=1, max_value=10_000,
        help_text="Longueur de la liste de la structure, classée par date d’embauche. Aucun nom n’est demandé.",
    )  # fmt: skip
    taille = forms.IntegerField(label="Nombre d’embauches tirées", min_value=1, max_value=1000)


class FormulaireDecisionDeControle(FormulaireDsfr):
    """The result of a control."""

    resultat = forms.ChoiceField(
        label="Résultat", choices=[("conforme", "Conforme"), ("non_conforme", "Non conforme")]
    )
    personnes = forms.IntegerField(label="Embauches non éligibles", required=False, min_value=0)
    suspension_du = forms.DateField(label="Auto-prescription suspendue du", required=False, widget=calendrier())
    suspension_au = forms.DateField(label="Jusqu’au (exclu)", required=False, widget=calendrier())
    remboursement = montant("Remboursement demandé, en euros", requis=False)
    cofinanceur_informe_le = forms.DateField(
        label="Département cofinanceur informé le", required=False, widget=calendrier()
    )
    motif = forms.CharField(
        label="Motifs",
        required=False,
        max_length=4000,
        widget=zone(4),
        help_text="Nécessaires si le contrôle est défavorable.",
    )

    def decision(self) -> Decision:
        """Return the decision as written."""
        return Decision(**self.cleaned_data)
