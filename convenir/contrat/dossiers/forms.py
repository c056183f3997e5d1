"""Forms of the files: a section from its questions, pieces, funders, actions of the project, acts of the service."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms

from convenir.contrat.conventions.queries.financeurs import financeurs_possibles, parties_possibles
from convenir.contrat.dossiers import referentiel
from convenir.contrat.dossiers.actions import ActionEcrite, Saisie
from convenir.contrat.dossiers.models import (
    Brouillon,
    Dossier,
    LigneVersionnee,
    NatureFinanceur,
    PresentationLibre,
    Reponse,
)
from convenir.contrat.dossiers.referentiel import Axe, Champ, Section, TypeDePiece
from convenir.contrat.dossiers.rules import formats_en_mots
from convenir.socle.comptes.formulaires import FormulaireDsfr, Jour, Montant
from convenir.socle.organisations.models import Organisation

OUI_NON = (("", "Choisir"), ("oui", "Oui"), ("non", "Non"))
ZONE = {"rows": 5}


def nom(code: str) -> str:
    """Return the name of the input of a question."""
    return f"q-{code.replace('.', '-')}"


class FormulaireSection(FormulaireDsfr):
    """The questions of a section that are open; each carries the version the person has read."""

    def __init__(
        self,
        *args: Any,
        section: Section,
        reponses: Mapping[str, Reponse],
        ouverts: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.champs = {nom(c.code): c for c in section.champs if c.code in ouverts}
        for cle, champ in self.champs.items():
            lue = reponses.get(champ.code)
            self.fields[cle] = _champ_de_formulaire(champ, lue)
            self.fields[f"v-{cle}"] = forms.IntegerField(
                required=False, initial=lue.version if lue else 0, widget=forms.HiddenInput, min_value=0
            )
        self._habiller()

    def _habiller(self) -> None:
        for champ in self.fields.values():
            if not isinstance(champ.widget, forms.HiddenInput):
                classe = "fr-select" if isinstance(champ.widget, forms.Select) else "fr-input"
                champ.widget.attrs.setdefault("class", classe)

    def saisies(self) -> dict[str, Saisie]:
        """Return what was sent of each open question."""
        return {
            champ.code: Saisie(self.cleaned_data.get(cle) or "", self.cleaned_data.get(f"v-{cle}") or 0)
            for cle, champ in self.champs.items()
            if cle in self.data
        }

    def rendus(self) -> list[forms.BoundField]:
        """Return the fields people see."""
        return [self[cle] for cle in self.champs]

    def caches(self) -> list[forms.BoundField]:
        """Return the hidden versions."""
        return [self[f"v-{cle}"] for cle in self.champs]


def _champ_de_formulaire(champ: Champ, lue: Reponse | None) -> forms.Field:
    valeur = (
        lue.valeur.replace(".", ",") if lue and champ.type in ("decimal", "montant") else lue.valeur if lue else ""
    )
    aide = champ.aide
    if lue and lue.a_confirmer:
        aide = f"{aide} Repris : {lue.origine}. À confirmer : enregistrez la section si c’est exact.".strip()
    commun: dict[str, Any] = {
        "label": champ.libelle, "required": False, "initial": valeur, "help_text": aide,
    }  # fmt: skip
    if champ.type in ("choix", "oui_non"):
        choix = [("", "Choisir"), *champ.choix] if champ.type == "choix" else OUI_NON
        return forms.ChoiceField(choices=choix, **commun)
    if champ.type == "texte":
        return forms.CharField(widget=forms.Textarea(attrs=ZONE), **commun)
    numerique = {"inputmode": "decimal"} if champ.type in ("entier", "decimal", "montant") else {}
    return forms.CharField(widget=forms.TextInput(attrs=numerique), **commun)


class FormulaireNouveau(FormulaireDsfr):
    """A new application: for whom, from which year, for how many years."""

    partie = forms.ChoiceField(label="Structure")
    annee = forms.TypedChoiceField(label="Première année", coerce=int)
    duree = forms.TypedChoiceField(
        label="Durée demandée", coerce=int, choices=[(3, "Trois ans"), (2, "Deux ans"), (1, "Un an")],
        help_text="Trois ans au plus. Un an pour une structure nouvelle ou fragile.",
    )  # fmt: skip
    motif_duree = forms.ChoiceField(
        label="Pourquoi un an", required=False,
        choices=[("", "Sans objet"), ("nouvelle", "Structure nouvelle"), ("fragile", "Garanties insuffisantes")],
    )  # fmt: skip

    def __init__(self, *args: Any, parties: list[tuple[str, str]], annees: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partie"].choices = parties  # type: ignore[attr-defined]
        self.fields["annee"].choices = [(a, str(a)) for a in annees]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask why when the application is for one year."""
        lu = super().clean() or {}
        if lu.get("duree") == 1 and not lu.get("motif_duree"):
            self.add_error("motif_duree", "Dites pourquoi la demande est d’un an : sinon elle est pluriannuelle.")
        return lu


class FormulaireCourt(FormulaireDsfr):
    """The form of one line, kept while one writes; it sends back the version it has read, and proposes one's draft."""

    lue = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        ligne: LigneVersionnee | None = None,
        brouillon: Brouillon | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        depart = dict(initial or {})
        if ligne is not None:
            champs = (c for c in self.base_fields if c != "lue")
            depart |= {c: getattr(ligne, c) for c in champs if hasattr(ligne, c)} | {"lue": ligne.lecture}
        if brouillon is not None:
            cases = {c for c, f in self.base_fields.items() if isinstance(f, forms.BooleanField)}
            depart |= dict.fromkeys(cases, False) | brouillon.saisie | {"lue": brouillon.lue}
        super().__init__(*args, initial=depart, **kwargs)

    @property
    def lecture(self) -> str | None:
        """The version that the form had read; None when what was sent does not say."""
        return self.data.get("lue")

    def brut(self) -> dict[str, str]:
        """Return what was typed, as it was, valid or not."""
        return {c: str(self.data[c]) for c in self.fields if c != "lue" and c in self.data}

    def lu(self) -> dict[str, Any]:
        """Return what was read of the fields people see."""
        return {c: valeur for c, valeur in self.cleaned_data.items() if c != "lue"}

    def actualiser(self, lecture: str) -> None:
        """Keep in sight what was sent, with the version of today: sent again, it replaces the other text."""
        self.data = {**self.brut(), "lue": lecture}


class FormulaireMontants(FormulaireCourt):
    """What is asked of a funder already named, its two parts apart."""

    base = Montant("Missions de base, en euros", "Ce que le montant socle finance.", initial=0)
    efforts = Montant("Efforts particuliers, en euros", "Ce que la part modulée reconnaît.", initial=0)
    objet = forms.CharField(
        label="Ce que ce financement paie", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FormulaireFinancement(FormulaireMontants):
    """A funder, and what is asked of it."""

    field_order = ("nature", "organisation", "nom")
    nature = forms.ChoiceField(label="Nature du financeur", choices=NatureFinanceur.choices)
    organisation = forms.ModelChoiceField(
        label="Financeur du territoire", queryset=Organisation.objects.none(), required=False,
        empty_label="Il n’est pas dans cette liste",
        help_text="Ses agents liront ici leur projection du dossier, une fois la demande déposée.",
    )  # fmt: skip
    nom = forms.CharField(
        label="Nom du financeur, s’il n’est pas dans la liste", max_length=200, required=False,
        help_text="L’État, par exemple.",
    )  # fmt: skip

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = financeurs_possibles(dossier.convention)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Name the funder by the list when it is there, whatever was typed beside."""
        lu = super().clean() or {}
        if connu := lu.get("organisation"):
            lu["nom"] = connu.nom[:200]
        elif not lu.get("nom", "").strip():
            self.add_error("nom", "Choisissez le financeur dans la liste, ou écrivez son nom.")
        return lu


class FormulairePiece(FormulaireDsfr):
    """One piece and its file."""

    genre = forms.ChoiceField(label="Pièce")
    fichier = forms.FileField(label="Fichier", widget=forms.ClearableFileInput(attrs={"class": "fr-upload"}))

    def __init__(self, *args: Any, types: list[TypeDePiece], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["genre"].choices = [(t.code, t.libelle) for t in types]  # type: ignore[attr-defined]
        formats = sorted({f for t in types for f in t.formats})
        plus_grand = max((t.taille_max for t in types), default=0) // (1024 * 1024)
        self.fields["fichier"].help_text = f"{formats_en_mots(formats)}. {plus_grand} Mo au plus."


class FormulaireAction(FormulaireCourt):
    """An action of the project."""

    element = forms.ChoiceField(
        label="Élément du référentiel repris", required=False,
        help_text="Le référentiel est un appui, pas une obligation.",
    )  # fmt: skip
    intitule = forms.CharField(label="Action", max_length=300)
    moyens = forms.CharField(label="Moyens", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    calendrier = forms.CharField(label="Calendrier", required=False, max_length=300)
    indicateur = forms.CharField(label="Indicateur", required=False, max_length=300)
    preuve = forms.CharField(
        label="Preuve", required=False, max_length=300, help_text="Ce qui montrera que c’est fait."
    )
    orientation = forms.CharField(
        label="Orientation du plan départemental servie", required=False, max_length=300,
        help_text="Plan départemental de l’insertion par l’activité économique.",
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        label="Partie qui l’attend", queryset=Organisation.objects.none(), required=False,
        empty_label="Aucune en particulier, ou une partie hors de la liste",
    )  # fmt: skip
    attendue_par = forms.CharField(
        label="Nom de cette partie, si elle n’est pas dans la liste", required=False, max_length=200
    )
    nouvelle = forms.BooleanField(label="Cette action répond à une problématique nouvelle", required=False)

    def __init__(self, *args: Any, axe: str, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.axe = axe
        self.fields["organisation"].queryset = parties_possibles(dossier.convention)  # type: ignore[attr-defined]
        self.fields["element"].choices = [  # type: ignore[attr-defined]
            ("", "Aucun : action ajoutée par la structure"),
            *(
                (e.code, f"{e.libelle} (exemple, à remplacer)" if e.exemple else e.libelle)
                for e in referentiel.elements(axe)
            ),
        ]

    def ecrite(self) -> ActionEcrite:
        """Return the action as written."""
        return ActionEcrite(axe=self.axe, **self.lu())


class FormulaireProjet(FormulaireDsfr):
    """The free texts of all the axes: one button saves them together, each carries the version the person has read."""

    def __init__(
        self, *args: Any, axes: Iterable[Axe], libres: Mapping[str, PresentationLibre], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.axes = {f"t-{a.code}": a.code for a in axes}
        for cle, axe in self.axes.items():
            libre = libres.get(axe)
            reprise = f"Repris : {libre.origine}. À confirmer." if libre and libre.a_confirmer else ""
            self.fields[cle] = forms.CharField(
                label="Votre présentation de cet axe", required=False, initial=libre.texte if libre else "",
                help_text=reprise, widget=forms.Textarea(attrs={"rows": 6, "class": "fr-input"}),
            )  # fmt: skip
            self.fields[f"v-{cle}"] = forms.IntegerField(
                required=False, initial=libre.version if libre else 0, widget=forms.HiddenInput, min_value=0
            )

    def saisies(self) -> dict[str, Saisie]:
        """Return what was sent of each axis; an axis that is not in the page is left alone."""
        lus = self.cleaned_data
        return {
            axe: Saisie(lus.get(cle) or "", lus.get(f"v-{cle}") or 0)
            for cle, axe in self.axes.items()
            if cle in self.data
        }

    def caches(self) -> list[forms.BoundField]:
        """Return the hidden versions."""
        return [self[f"v-{cle}"] for cle in self.axes]


class FormulaireDemandeDePieces(FormulaireDsfr):
    """Pieces to ask for, a deadline, a reason."""

    genres = forms.MultipleChoiceField(label="Pièces manquantes", widget=forms.CheckboxSelectMultiple)
    precision = forms.CharField(
        label="Ce qui est attendu", required=False, max_length=500,
        help_text="Par exemple : « comptes de l’exercice 2025, signés ». Écrit dans la demande.",
    )  # fmt: skip
    echeance = Jour("À fournir avant la fin du")
    motif = forms.CharField(
        label="Motif", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Pourquoi la demande ne peut être instruite sans ces pièces. La structure le lit.",
    )  # fmt: skip

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deja = set(dossier.demandes.filter(fournie_le=None, abandonnee_le=None).values_list("genre", flat=True))
        types = referentiel.types_de_pieces().values()
        self.fields["genres"].choices = [(t.code, t.libelle) for t in types if t.code not in deja]  # type: ignore[attr-defined]


class FormulaireMotif(FormulaireDsfr):
    """A reason, read by the structure."""

    motif = forms.CharField(
        label="Motif", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="La structure le lit, et il reste au journal.",
    )  # fmt: skip


class FormulaireCommentaire(FormulaireDsfr):
    """A remark on one question."""

    texte = forms.CharField(label="Commentaire", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class FormulaireReponseAuCommentaire(FormulaireDsfr):
    """The answer of the structure to a remark."""

    texte = forms.CharField(
        label="Votre réponse au service", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
