"""Forms of the acts: plain HTML, one by act that carries data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from convenir.contrat.conventions.fichiers import Fichier, lire
from convenir.contrat.conventions.models import Convention, MotifDuree, NatureVersion, SensAvis, Titre, Voie
from convenir.contrat.conventions.rules.termes import Cofinancement, Ecrit, Termes
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.formulaires import Entier, FormulaireDsfr, Jour, Montant, Nombre
from convenir.socle.organisations.models import Nature, Organisation

PDF = frozenset({".pdf"})


class FichierRecu(forms.FileField):
    """A file read whole and judged on its content."""

    def __init__(self, label: str, *, acceptes: frozenset[str] = PDF, required: bool = True, aide: str = "") -> None:
        formats = ", ".join(sorted(a[1:].upper() for a in acceptes))
        super().__init__(label=label, required=required, help_text=aide or f"{formats}, 20 Mio au plus")
        self.widget.attrs |= {"class": "fr-upload", "accept": ",".join(sorted(acceptes))}
        self.acceptes = acceptes

    def clean(self, data: Any, initial: Any = None) -> Fichier | None:
        """Return the file read, or None when none was sent and none is asked."""
        recu = super().clean(data, initial)
        if not recu:
            return None
        try:
            return lire(recu.name, recu.read(), acceptes=self.acceptes)
        except EntreeInvalide as erreur:
            raise forms.ValidationError(str(erreur)) from erreur


class OuiNon(forms.ChoiceField):
    """A choice between two sentences, read as a boolean; the first is « no »."""

    toujours_repondu = True  # « facultatif » n'a pas de sens : l'une des deux phrases est toujours choisie

    def __init__(self, label: str, non: str, oui: str, aide: str = "") -> None:
        super().__init__(label=label, choices=[("", non), ("oui", oui)], required=False, help_text=aide)

    def clean(self, value: Any) -> bool:
        """Return whether the second sentence was chosen."""
        return super().clean(value) == "oui"


def _texte(
    label: str, *, lignes: int = 0, aide: str = "", required: bool = True, maximum: int = 5000
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lignes, "class": "fr-input"}) if lignes else None
    return forms.CharField(label=label, help_text=aide, required=required, max_length=maximum, widget=widget)


class FormulaireActe(FormulaireDsfr):
    """A move that carries only its day and its reason."""

    jour = Jour("Date de l'acte", passe=True)

    def __init__(self, *args: Any, motif: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if motif:
            self.fields["motif"] = _texte("Motif", lignes=4, aide="Il reste au journal et la structure le lit")


class FormulaireAvis(FormulaireDsfr):
    """The opinion of the commission."""

    jour = Jour("Date de l'avis")
    sens = forms.ChoiceField(label="Sens", choices=SensAvis.choices)
    motifs = _texte("Motifs", lignes=4, required=False, aide="Obligatoires si l'avis n'est pas simplement favorable")
    electronique = OuiNon("Consultation", "En séance", "Par voie électronique")
    fichier = FichierRecu("Fichier de l'avis", required=False)


class FormulaireAvenant(FormulaireDsfr):
    """A new avenant or modification."""

    nature = forms.ChoiceField(
        label="Nature",
        choices=[c for c in NatureVersion.choices if c[0] != NatureVersion.INITIALE],
        help_text="Une modification corrige l'acte ; un avenant change ce qui est convenu",
    )
    effet = Jour("Date d'effet")
    clauses_fin = Jour("Premier jour hors des clauses financières", "Le 1er janvier suivant si vous laissez vide",
                       required=False)  # fmt: skip
    objet = _texte("Objet", maximum=300, aide="« Deux postes de plus au chantier de maraîchage »")


class FormulaireTermes(FormulaireDsfr):
    """The terms in numbers; an empty field says nothing of the term."""

    postes = Nombre(label="Postes d'insertion (ETP)", min_value=0, decimal_places=4, required=False)
    montant_unitaire = Montant("Montant d'un poste (€ par an)", required=False)
    modulation_max = Nombre(label="Part modulée maximale (%)", min_value=0, max_value=100, required=False)
    heures_etp = Nombre(label="Heures d'un ETP annuel", min_value=0, required=False)
    sorties_prevues = Entier(label="Sorties prévues", required=False)
    taux_durable = Nombre(label="Emploi durable (% des sorties)", min_value=0, max_value=100, required=False)
    taux_transition = Nombre(label="Emploi de transition (%)", min_value=0, max_value=100, required=False)
    taux_positives = Nombre(label="Sorties positives (%)", min_value=0, max_value=100, required=False)
    encadrement = Nombre(label="Encadrement technique (ETP)", min_value=0, required=False)
    accompagnement = Nombre(label="Accompagnement (ETP)", min_value=0, required=False)
    dotation = Montant("Dotation de l'État (€)", required=False)
    cofinanceur = forms.ModelChoiceField(
        label="Cofinanceur des postes", queryset=Organisation.objects.none(), required=False,
        help_text="Il devient signataire",
    )  # fmt: skip
    postes_cofinances = Nombre(label="Postes cofinancés (ETP)", min_value=0, required=False)
    cofinancement = Montant("Cofinancement (€ par an)", required=False)
    jeton = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, convention: Convention, termes: Termes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.termes = termes
        champ = self.fields["cofinanceur"]
        assert isinstance(champ, forms.ModelChoiceField)
        # Celui de l’acte peut être d’ailleurs (une région) : sans lui, enregistrer le perdrait.
        tenu = _cofinancement_montre(termes)
        du_lieu = Q(nature=Nature.COLLECTIVITE, departement=convention.departement_id)
        champ.queryset = Organisation.objects.filter(du_lieu | Q(pk=tenu.cle if tenu else None)).order_by("nom")
        retires = ("dotation",) if convention.structure_id else tuple(n for n in self.fields if n not in _DE_LA_CPO)
        for nom in retires:
            del self.fields[nom]

    @staticmethod
    def depart(termes: Termes) -> dict[str, Any]:
        """Return the values that the form starts from."""
        premier = _cofinancement_montre(termes)
        nombres = {n: getattr(termes, n) for n in _NOMBRES}
        if premier is None:
            return nombres
        cofinancement = {"cofinanceur": premier.cle, "postes_cofinances": premier.postes}
        return nombres | cofinancement | {"cofinancement": premier.montant}

    def clean(self) -> dict[str, Any]:
        """Check the sum of the rates and build the terms."""
        propre = super().clean() or {}
        if not self.errors:
            try:
                propre["termes"] = self._termes(propre)
            except ValueError as erreur:
                raise forms.ValidationError(str(erreur)) from erreur
        return propre

    def _termes(self, propre: dict[str, Any]) -> Termes:
        """Keep what the form does not show: other funders, sites, texts."""
        nombres = {n: propre[n] for n in _NOMBRES if n in self.fields}
        montre = _cofinancement_montre(self.termes)
        autres = tuple(c for c in self.termes.cofinancements if c != montre)
        financeur = propre.get("cofinanceur")
        premier: tuple[Cofinancement, ...] = ()
        if financeur:
            parts = propre.get("postes_cofinances"), propre.get("cofinancement")
            premier = (Cofinancement(str(financeur.pk), financeur.nom, *parts),)
            autres = tuple(a for a in autres if a.cle != str(financeur.pk))
        gardes = {n: getattr(self.termes, n) for n in _NOMBRES if n not in self.fields}
        return Termes(
            **nombres | gardes,
            cofinancements=(*premier, *autres),
            chantiers=self.termes.chantiers,
            axes=self.termes.axes,
            sections=self.termes.sections,
        )


def _cofinancement_montre(termes: Termes) -> Cofinancement | None:
    """Return the co-financing that the form edits: the first whose organisation is known; the others are kept."""
    return next((c for c in termes.cofinancements if c.cle.isdecimal()), None)


_NOMBRES = (
    "postes", "montant_unitaire", "modulation_max", "heures_etp", "sorties_prevues", "taux_durable", "taux_transition",
    "taux_positives", "encadrement", "accompagnement", "dotation",
)  # fmt: skip
_DE_LA_CPO = frozenset({"dotation", "jeton"})


class FormulaireClauses(FormulaireDsfr):
    """The written parts: axes of the project and sections required by the code."""

    jeton = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, codes: dict[str, dict[str, str]], termes: Termes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.termes, self.codes = termes, codes
        for champ, intitules in codes.items():
            for cle, intitule in intitules.items():
                self.fields[f"{champ}-{cle}"] = _texte(intitule, lignes=4, required=False)

    @staticmethod
    def depart(termes: Termes) -> dict[str, str]:
        """Return the texts that the form starts from."""
        return {f"{champ}-{e.cle}": e.texte for champ in ("axes", "sections") for e in getattr(termes, champ)}

    def ecrits(self) -> dict[str, tuple[Ecrit, ...]]:
        """Return the texts written, by list of terms."""
        return {
            champ: tuple(
                Ecrit(cle, texte) for cle in intitules if (texte := self.cleaned_data[f"{champ}-{cle}"].strip())
            )
            for champ, intitules in self.codes.items()
        }


class FormulairePeriode(FormulaireDsfr):
    """Dates of the convention and the reasons that the texts ask for."""

    debut = Jour("Premier jour")
    dernier = Jour("Dernier jour")
    motif_periode = _texte("Motif d'une période hors année civile", required=False, maximum=300)
    motif_duree = forms.ChoiceField(
        label="Motif d'une durée d'un an", required=False, choices=[("", "Sans objet"), *MotifDuree.choices]
    )
    precision_duree = _texte("Précision sur ce motif", required=False, maximum=300)
    exception_2014 = OuiNon("Exception de 2014", "Non", "Oui", "Renouvellement décalé l'année de la réforme")


class FormulaireAttestation(FormulaireDsfr):
    """Who signed, and the comparison of the scan."""

    jour = Jour("Date de la signature")
    nom = _texte("Nom de la personne qui a signé", maximum=200)
    qualite = _texte("Sa qualité", maximum=200, aide="« Présidente », « Directrice départementale »")
    titre = forms.ChoiceField(label="À quel titre", choices=Titre.choices)
    fondement = _texte(
        "Acte de délégation ou d'intérim",
        required=False,
        maximum=300,
        aide="Obligatoire si la personne n'est pas titulaire",
    )
    attestee = OuiNon(
        "Comparaison du scan à l'acte",
        "Pas encore faite",
        "J'ai comparé le scan à l'acte, côte à côte, et j'atteste qu'ils sont identiques",
    )


class FormulaireSignature(FormulaireAttestation):
    """A signature received."""

    voie = forms.ChoiceField(label="Voie", choices=[c for c in Voie.choices if c[0] != Voie.APPLICATION])
    fichier = FichierRecu("Acte signé")
    attestee = OuiNon(
        "Comparaison d'un scan à l'acte",
        "Non faite, ou sans objet pour un PDF signé",
        "J'ai comparé le scan à l'acte, côte à côte, et j'atteste qu'ils sont identiques",
        aide="Non faite : le scan est gardé, et la page suivante le montre à côté de l'acte",
    )
    field_order = ("jour", "voie", "nom", "qualite", "titre", "fondement", "fichier", "attestee")


class FormulaireRetour(FormulaireDsfr):
    """The archive that comes back from a *parapheur*."""

    archive = forms.FileField(
        label="Archive rendue par le parapheur", help_text="ZIP : l'acte signé en PDF et son bordereau JSON",
        widget=forms.FileInput(attrs={"class": "fr-upload", "accept": ".zip"}),
    )  # fmt: skip


class FormulaireSubstitut(FormulaireDsfr):
    """What stands for a signature."""

    jour = Jour("Date de l'acte joint", passe=True)
    motif = _texte("Ce qui remplace la signature", lignes=3, aide="« Accord de coopération annexé »")
    fichier = FichierRecu("Acte joint")


class FormulaireDeliberation(FormulaireDsfr):
    """A deliberation."""

    reference = _texte("Référence de la délibération", maximum=200)
    jour = Jour("Date de la délibération", passe=True)


class FormulaireLettre(FormulaireDsfr):
    """The registered letter that opens a breach procedure."""

    faits = _texte("Faits reprochés", lignes=5)
    articles = _texte("Articles", maximum=300, aide="« Code du travail, R. 5132-5 »")
    jour = Jour("Date d'envoi de la lettre", passe=True)
    numero = _texte("Numéro du recommandé", maximum=40)
    avant = Jour("Observations attendues avant le", "Un mois après l’envoi si vous laissez vide ; jamais moins",
                 required=False)  # fmt: skip
    fichier = FichierRecu("Lettre envoyée", required=False)
    obligatoire = OuiNon(
        "Gravité",
        "Manquement aux engagements",
        "Fausses déclarations ou détournement de l'objet : résiliation obligatoire",
    )


class FormulaireDecision(FormulaireDsfr):
    """An adverse decision, whose every line is asked for."""

    jour = Jour("Date de la décision", passe=True)
    faits = _texte("Faits", lignes=5)
    articles = _texte("Articles appliqués", maximum=300)
    signataire = _texte("Signataire", maximum=200)
    qualite = _texte("Qualité du signataire", maximum=200)
    fondement = _texte("Délégation de signature", required=False, maximum=300, aide="Vide si le préfet signe lui-même")
    voies = _texte("Voies et délais de recours", lignes=4)
    calcul = OuiNon(
        "Un chiffre calculé par Convenir pèse-t-il dans la décision ?",
        "Non",
        "Oui : la mention du traitement algorithmique sera imprimée",
    )
    montant = Montant("Sommes à reprendre (€)", required=False, min_value=Decimal("0.01"))


class FormulaireObservations(FormulaireDsfr):
    """The observations of the employer."""

    texte = _texte("Vos observations", lignes=8)
    fichier = FichierRecu("Pièce à l’appui, si vous en avez une", required=False)


class FormulaireAnnexe(FormulaireDsfr):
    """The figures of an annexe to look at."""

    postes = Nombre(label="Postes d'insertion (ETP)", min_value=0, decimal_places=4)
    unitaire = Montant("Montant d'un poste (€ par an)")


class FormulaireNumero(FormulaireDsfr):
    """The number that the extranet gave."""

    numero = _texte("Numéro de l'annexe", maximum=40, aide="« ACI044260013A1M0 »")


class FormulaireNotification(FormulaireDsfr):
    """The notification of a decision and its proof."""

    jour = Jour("Reçue par la structure le", passe=True)
    preuve = FichierRecu("Preuve de la notification", acceptes=frozenset({".pdf", ".png", ".jpg"}))


class FormulaireRecours(FormulaireDsfr):
    """A *recours gracieux* received."""

    jour = Jour("Reçu le", passe=True)
    objet = _texte("Ce que demande le recours", lignes=5)


class FormulaireReponseAuRecours(FormulaireDsfr):
    """The answer to a *recours gracieux*."""

    jour = Jour("Date de la réponse", passe=True)
    accueilli = OuiNon("Sens", "Le recours est rejeté", "Le recours est accueilli")
    reponse = _texte("Motifs de la réponse", lignes=5)
