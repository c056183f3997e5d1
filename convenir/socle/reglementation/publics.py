"""The publics that a fiche counts and that a territory may hold as priorities, in the order they are read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Public:
    """A public, as a breakdown of the people present and its modality."""

    libelle: str
    ventilation: str
    modalite: str

    @property
    def code(self) -> str:
        """Code kept with a priority, such as `rsa.oui`."""
        return f"{self.ventilation}.{self.modalite}"


PUBLICS = (
    Public("Femmes", "sexe", "femme"),
    Public("Moins de 26 ans", "age", "moins_26"),
    Public("50 ans et plus", "age", "50_et_plus"),
    Public("Bénéficiaires du RSA", "rsa", "oui"),
    Public("Allocataires de l’ASS", "ass", "oui"),
    Public("Allocataires de l’AAH", "aah", "oui"),
    Public("Travailleurs handicapés (RQTH)", "rqth", "oui"),
    Public("Inscrits de 12 à 23 mois", "inscription", "12_23_mois"),
    Public("Inscrits depuis 24 mois et plus", "inscription", "24_mois_et_plus"),
    Public("Niveau CAP ou BEP", "niveau_formation", "cap_bep"),
    Public("Niveau inférieur au CAP", "niveau_formation", "infra_cap"),
    Public("Qualification non certifiante", "niveau_formation", "non_certifiante"),
    Public("Habitants d’un quartier prioritaire (QPV)", "zus_qpv", "oui"),
    Public("Habitants d’une zone rurale aidée (ZRR, FRR)", "zrr_frr", "oui"),
)
LIBELLES = {public.code: public.libelle for public in PUBLICS}
