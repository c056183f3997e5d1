# ruff: noqa: E501 - a SQL clause stays on its line
"""The relations that definitions read: each from one scan of its table, events of the two large ones by youth."""

from __future__ import annotations

from collections.abc import Callable

from convenir.mesure.indicateurs.connexion import texte
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.releves_ml.etats import masque_des_fins, masque_des_mois, rang_du_mois, tranche
from convenir.mesure.indicateurs.releves_ml.lecture import Tables
from convenir.mesure.indicateurs.releves_ml.regles import Regles

# Three counters of one month each, 21 bits wide, in a 64-bit integer: four integers hold the year.
LARGEUR, PAR_MOT = 21, 3
THEMES = (
    ("professionnel", ("emploi", "formation", "projet_professionnel")), ("social", ("logement", "sante")),
    ("vie_sociale", ("citoyennete", "loisirs_sports_culture")),
)  # fmt: skip
NOMS_DES_THEMES = {"projet_professionnel": "projet", "loisirs_sports_culture": "loisirs"}
PAR_MASQUE = 5


class Relations:
    """Makes the relation of a year by its name; what several share is made once."""

    def __init__(self, tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> None:
        self.tables, self.annee, self.regles, self.cat = tables, annee, regles, cat
        self.base = tables.base
        self.d0, self.d1 = f"DATE '{annee.debut}'", f"DATE '{annee.fin}'"
        self._faites: set[str] = set()

    def preparer(self, releve: str) -> str:
        """Make a relation and return the name of its table."""
        fabriques: dict[str, Callable[[], None]] = {
            "activite": self.actualites, "entretiens": self.actualites, "propositions": self.propositions,
            "demande": self.demande, "attente": self.demande, "entrees": self.parcours, "presence": self.parcours,
            "sorties": self.sorties, "situations": self.situations, "mises_en_relation": self.mises_en_relation,
            "mises_en_relation_ml": self.mises_en_relation_ml, "contacts": self.contacts,
            "parrainages": self.parrainages, "parrains": self.parrains, "periodes": self.periodes,
        }  # fmt: skip
        self._une_fois(fabriques[releve])
        return f"r_{releve}"

    def _une_fois(self, fabrique: Callable[[], None]) -> None:
        if fabrique.__name__ not in self._faites:
            self._faites.add(fabrique.__name__)
            fabrique()

    def _creer(self, nom: str, requete: str) -> None:
        self.base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} AS {requete}")

    def actualites(self) -> None:
        """Contacts and interviews: one scan of `actualite`, grouped by youth, segment and site."""
        recus, comptes = (_liste(self.regles.mots(f"entretien.{nom}")) for nom in ("types_recus", "types_comptes"))
        mots = range(-(-12 // PAR_MOT))
        compteurs = ", ".join(
            f"CAST(sum(CASE WHEN type IN ({comptes}) AND j.mois // {PAR_MOT} = {mot} "
            f"THEN CAST(1 AS BIGINT) << ((j.mois % {PAR_MOT}) * {LARGEUR}) END) AS BIGINT) AS e{mot}"
            for mot in mots
        )
        self._creer(
            "f_actualite",
            f"""
            SELECT a.ml_id, a.jeune_id, a.site_id, {tranche("a.date_evt")} AS tranche, bit_or(j.bit) AS contact,
                bit_or(CASE WHEN type IN ({recus}) THEN j.bit END) AS entretien,
                bit_or(CASE WHEN type IN ({recus}) THEN j.entretien END) AS fenetre,
                min(CASE WHEN type IN ({recus}) THEN date_evt END) AS premier, {compteurs}
            FROM ({self.tables.lire("actualite", "ml_id", "jeune_id", "site_id", "date_evt", "type")}) AS a
            LEFT JOIN jours AS j ON j.jour = a.date_evt
            LEFT JOIN mouvants AS m ON m.ml_id = a.ml_id AND m.jeune_id = a.jeune_id
            WHERE a.date_evt <= {self.d1}
            GROUP BY ALL""",
        )
        self._creer(
            "g_actualite",
            """
            SELECT f.* EXCLUDE (ml_id, jeune_id, site_id, tranche), e.ml_num, e.dossier, e.personne, e.bits, e.resident,
                s.site_num, e.tranche
            FROM f_actualite AS f JOIN etats AS e USING (ml_id, jeune_id, tranche)
            LEFT JOIN site AS s ON s.site_id = f.site_id""",
        )
        self._creer(
            "r_activite",
            f"""
            SELECT ml_num, site_num, dossier, personne, bits, resident, coalesce(contact, 0) AS contact,
                coalesce(entretien, 0) AS entretien, CASE WHEN premier >= {self.d0}
                    AND premier = min(premier) OVER (PARTITION BY dossier)
                    THEN 1 << (month(premier) - 1) ELSE 0 END AS premier
            FROM g_actualite""",
        )
        mois = ", ".join(
            f"{{'mois': {m}, 'n': (e{m // PAR_MOT} >> {m % PAR_MOT * LARGEUR}) & {(1 << LARGEUR) - 1}}}"
            for m in range(self.annee.mois)
        )
        sommes = ", ".join(f"CAST(sum(e{m}) AS BIGINT) AS e{m}" for m in mots)
        zeros = ", ".join(f"coalesce(e{m}, 0) AS e{m}" for m in mots)
        self._creer(
            "r_entretiens",
            f"""
            SELECT ml_num, site_num, bits, c.mois AS mois, c.n AS nombre FROM (
                SELECT ml_num, site_num, bits, unnest([{mois}]) AS c FROM (
                    SELECT ml_num, site_num, bits, {sommes} FROM (SELECT ml_num, site_num, bits, {zeros} FROM g_actualite)
                    GROUP BY ml_num, site_num, bits)
            ) WHERE c.n > 0""",
        )

    def propositions(self) -> None:
        """Propositions by domain and theme: twelve bits a theme, five themes an integer."""
        rangs = [(d, t) for d, themes in THEMES for t in (*themes, "")]
        cas = " ".join(f"WHEN domaine = '{d}' AND theme = '{t}' THEN {r}" for r, (d, t) in enumerate(rangs) if t)
        autres = " ".join(f"WHEN domaine = '{d}' THEN {r}" for r, (d, t) in enumerate(rangs) if not t)
        self._creer(
            "f_proposition",
            f"""
            SELECT ml_id, jeune_id, tranche, bit_or(prop) AS prop,
                bit_or(CASE WHEN rang < {PAR_MASQUE} THEN bit << (12 * rang) END) AS p0,
                bit_or(CASE WHEN rang >= {PAR_MASQUE} THEN bit << (12 * (rang - {PAR_MASQUE})) END) AS p1
            FROM (
                SELECT p.ml_id, p.jeune_id, {tranche("p.date_prop")} AS tranche, CAST(j.bit AS BIGINT) AS bit, j.prop,
                    CASE {cas} {autres} END AS rang
                FROM ({self.tables.lire("proposition", "ml_id", "jeune_id", "date_prop", "domaine", "theme")}) AS p
                JOIN jours AS j ON j.jour = p.date_prop
                LEFT JOIN mouvants AS m ON m.ml_id = p.ml_id AND m.jeune_id = p.jeune_id
            ) GROUP BY ALL""",
        )

        def bits(rang: int) -> str:
            return f"((coalesce(p{rang // PAR_MASQUE}, 0) >> {12 * (rang % PAR_MASQUE)}) & 4095)"

        mesures = [f"{bits(r)} AS {NOMS_DES_THEMES.get(t, t)}" for r, (_, t) in enumerate(rangs) if t]
        for domaine, _ in THEMES:
            mesures.append(" | ".join(bits(r) for r, (d, _) in enumerate(rangs) if d == domaine) + f" AS {domaine}")
        self._creer(
            "r_propositions",
            f"""
            SELECT e.ml_num, e.dossier, e.personne, e.bits, {", ".join(mesures)}
            FROM f_proposition AS f JOIN etats AS e USING (ml_id, jeune_id, tranche) WHERE p0 <> 0 OR p1 <> 0""",
        )

    def lire_situations(self) -> None:
        """Situations that touch the year, with the file they belong to: one scan."""
        r = self.regles
        fin = "coalesce(date_fin_prevue, date_fin)"
        durable = (
            f"categorie = 'EMPLOI' AND (contrat IN ({_liste(r.mots('emploi_durable.contrats_sans_duree'))}) "
            f"OR (contrat IN ({_liste(r.mots('emploi_durable.contrats_avec_duree'))}) AND "
            f"{fin} > date_debut + INTERVAL {r.entier('emploi_durable.duree_mois')} MONTH))"
        )
        if not r.oui("emploi_durable.aides_non_marchands"):
            durable += " AND NOT coalesce(aide_non_marchand, false)"
        if r.oui("emploi_durable.alternance"):
            durable = f"categorie = 'ALTERNANCE' OR ({durable})"
        plus, moins = (r.entier(f"sortie.contrat_court_{x}_de_mois") for x in ("plus", "moins"))
        court = f"{fin} > date_debut + INTERVAL {plus} MONTH AND {fin} < date_debut + INTERVAL {moins} MONTH"
        emploi = "categorie IN ('EMPLOI', 'ALTERNANCE')"
        self._creer(
            "f_situation",
            f"""
            SELECT situation_id, ml_id, jeune_id, date_debut, date_fin, {emploi} AS emploi,
                categorie = 'ALTERNANCE' AS alternance, categorie = 'FORMATION' AS formation,
                categorie = 'SCOLARITE' AS scolarite, coalesce({durable}, false) AS durable,
                coalesce({emploi} AND {court}, false) AS court, coalesce({emploi} AND contrat = 'CIE', false) AS cie,
                categorie = 'FORMATION' AND coalesce(qualifiante, false) AS qualifiante
            FROM ({
                self.tables.lire(
                    "situation",
                    "situation_id",
                    "ml_id",
                    "jeune_id",
                    "categorie",
                    "contrat",
                    "aide_non_marchand",
                    "qualifiante",
                    "date_debut",
                    "date_fin_prevue",
                    "date_fin",
                )
            })""",
        )

    def situations(self) -> None:
        """Situations begun in the year, with the state of the youth that day."""
        self._une_fois(self.lire_situations)
        self._evenements("r_situations", "f_situation", "date_debut", "formation, emploi, durable, alternance")

    def _evenements(self, nom: str, source: str, jour: str, champs: str) -> None:
        """Rows of the year of a small table, each with the segment of the youth that day."""
        self._creer(
            nom,
            f"""
            SELECT e.ml_num, e.dossier, e.personne, e.bits, {rang_du_mois(f"x.{jour}", self.annee)} AS mois, {champs}
            FROM (SELECT s.*, {tranche(f"s.{jour}")} AS tranche FROM {source} AS s
                LEFT JOIN mouvants AS m ON m.ml_id = s.ml_id AND m.jeune_id = s.jeune_id
                WHERE s.{jour} BETWEEN {self.d0} AND {self.d1}) AS x
            JOIN etats AS e USING (ml_id, jeune_id, tranche)""",
        )

    def demande(self) -> None:
        """Youths seeking integration at each month end; and, if propositions are known, those without a recent one."""
        self._une_fois(self.actualites)
        self._une_fois(self.lire_situations)
        ouverte = _masque_ouvert("x.date_debut", "x.date_fin", self.annee)
        exclues = {
            "EMPLOI_DURABLE": "durable", "ALTERNANCE": "alternance", "FORMATION_QUALIFIANTE": "qualifiante",
            "SCOLARITE": "scolarite",
        }  # fmt: skip
        exclue = " OR ".join(exclues[s] for s in self.regles.mots("jdi.situations_exclues")) or "false"
        self._creer(
            "f_ouvertes",
            f"""
            SELECT ml_id, jeune_id, bit_or(CASE WHEN {exclue} THEN ouverte ELSE 0 END) AS exclue,
                bit_or(CASE WHEN emploi OR formation THEN ouverte ELSE 0 END) AS occupe
            FROM (SELECT *, {ouverte} AS ouverte FROM f_situation AS x
                WHERE (emploi OR formation OR scolarite) AND date_debut <= {self.d1}
                    AND (date_fin IS NULL OR date_fin >= {self.d0}))
            GROUP BY ml_id, jeune_id""",
        )
        self._creer(
            "f_demande",
            """
            SELECT g.dossier, g.fenetre & ~coalesce(o.exclue, 0) AS jdi, coalesce(o.occupe, 0) AS occupe, d.ml_id, d.jeune_id
            FROM (SELECT dossier, bit_or(fenetre) AS fenetre FROM g_actualite WHERE fenetre > 0 GROUP BY dossier) AS g
            JOIN dossiers AS d USING (dossier) LEFT JOIN f_ouvertes AS o USING (ml_id, jeune_id)""",
        )
        champs = "e.ml_num, e.dossier, e.personne, e.bits, e.faible, e.resident"
        self._creer(
            "r_demande",
            f"SELECT {champs}, f.jdi & e.fins AS jdi FROM f_demande AS f JOIN etats AS e USING (dossier) "
            "WHERE e.jeune AND f.jdi & e.fins <> 0",
        )
        if self.tables.a("proposition"):
            self._une_fois(self.propositions)
            self._creer(
                "r_attente",
                f"""
                SELECT {champs}, f.jdi & e.fins & ~f.occupe & ~coalesce(p.prop, 0) AS sans_proposition
                FROM f_demande AS f JOIN etats AS e USING (dossier)
                LEFT JOIN (SELECT ml_id, jeune_id, bit_or(prop) AS prop FROM f_proposition GROUP BY ml_id, jeune_id) AS p
                    ON p.ml_id = f.ml_id AND p.jeune_id = f.jeune_id
                WHERE e.jeune AND f.jdi & e.fins & ~f.occupe & ~coalesce(p.prop, 0) <> 0""",
            )

    def lire_parcours(self) -> None:
        """Stays in a programme that touch the year: one scan; each under the name the frame gives it."""
        dispositifs = self.cat.grille.dispositifs
        nommes = " ".join(f"WHEN dispositif IN ({_liste(codes)}) THEN {texte(n)}" for n, codes in dispositifs.items())
        appuis = _liste(self.regles.mots("autres_dispositifs.types_appui"))
        bits = {m.code: 1 << m.rang for m in self.cat.ventilations["dispositif"].modalites}
        du_dispositif = " ".join(f"WHEN {texte(code)} THEN {bit}" for code, bit in bits.items())
        self._creer(
            "f_parcours",
            f"""
            SELECT *, CASE nom {du_dispositif} END AS bit_dispositif,
                nom <> 'COTRAITANCE' OR coalesce(financable, false) AS entree_comptee, nom <> 'AUTRE' AS principal,
                nom IN ({_liste(self.cat.grille.contractuels)}) AS contractuel
            FROM (
                SELECT *, CASE {nommes} WHEN dispositif LIKE 'AUTRE:%' AND type_appui IN ({
                appuis
            }) THEN 'AUTRE' END AS nom
                FROM ({
                self.tables.lire(
                    "parcours",
                    "ml_id",
                    "jeune_id",
                    "dispositif",
                    "type_appui",
                    "financable",
                    "date_entree",
                    "date_sortie",
                    "situation_sortie_id",
                )
            })
                WHERE date_entree <= {self.d1} AND (date_sortie IS NULL OR date_sortie >= {self.d0})
            ) WHERE nom IS NOT NULL""",
        )

    def parcours(self) -> None:
        """Entries of the year, and presence at each month end."""
        self._une_fois(self.lire_parcours)
        champs = "e.faible, e.femme, e.zone, x.principal"
        self._evenements(
            "x_entrees",
            "(SELECT * FROM f_parcours WHERE entree_comptee)",
            "date_entree",
            f"{champs}, x.bit_dispositif",
        )
        self._creer("r_entrees", "SELECT * REPLACE (bits | bit_dispositif AS bits) FROM x_entrees")
        # Present the day d: entered on d or before, and not gone on d.
        masque = _masque_ouvert("x.date_entree", "x.date_sortie - 1", self.annee)
        self._creer(
            "r_presence",
            f"""
            SELECT e.ml_num, e.dossier, e.personne, e.bits | p.bit_dispositif AS bits, p.contractuel,
                p.masque & e.fins AS present
            FROM (SELECT *, {masque} AS masque FROM f_parcours AS x) AS p
            JOIN etats AS e USING (ml_id, jeune_id) WHERE p.masque & e.fins <> 0""",
        )

    def sorties(self) -> None:
        """Exits of the year, with the situation they led to; an exit dated before the entry is left out."""
        self._une_fois(self.lire_parcours)
        self._une_fois(self.lire_situations)
        depuis = {"parcours": "p.date_sortie", "emploi": "s.date_debut"}[
            self.regles.choix("sortie.lecture_des_delais")
        ]

        def avant(code: str) -> str:
            return f"coalesce({depuis} < p.date_entree + INTERVAL {self.regles.entier(f'sortie.{code}')} MONTH, false)"

        drapeaux = ", ".join(
            f"coalesce(s.{c}, false) AS {n}"
            for c, n in (("emploi", "emploi"), ("court", "contrat_court"), ("durable", "durable"), ("cie", "cie"),
                         ("alternance", "alternance"), ("formation", "formation"), ("qualifiante", "qualifiante"))
        )  # fmt: skip
        self._creer(
            "x_sorties",
            f"""
            SELECT p.*, s.situation_id IS NULL AS inconnue, date_diff('day', p.date_entree, p.date_sortie) AS jours,
                {avant("rapide_mois")} AS rapide, {avant("dans_lannee_mois")} AS dans_lannee, {drapeaux}
            FROM f_parcours AS p
            LEFT JOIN (SELECT DISTINCT ON (situation_id) * FROM f_situation
                WHERE situation_id IN (SELECT situation_sortie_id FROM f_parcours)
                ORDER BY situation_id, date_debut, ml_id, jeune_id) AS s
                ON s.situation_id = p.situation_sortie_id
            WHERE p.date_sortie >= p.date_entree AND p.date_sortie BETWEEN {self.d0} AND {self.d1}""",
        )
        champs = (
            "x.bit_dispositif, x.jours, x.inconnue, x.rapide, x.dans_lannee, x.emploi, x.contrat_court, x.durable, x.cie, "
            "x.alternance, x.formation, x.qualifiante, x.date_entree"
        )
        self._evenements("y_sorties", "x_sorties", "date_sortie", champs)
        self._etat_a_lentree()
        self._creer(
            "r_sorties",
            """
            SELECT s.* REPLACE (s.bits | s.bit_dispositif AS bits), coalesce(e.faible, false) AS faible
            FROM y_sorties AS s LEFT JOIN entrees_etat AS e USING (dossier, date_entree)""",
        )

    def _etat_a_lentree(self) -> None:
        """Make the level on the day of entry, which may be years before: `entrees_etat`."""
        lus = self.tables.lire("jeune_etat", "jeune_id", "ml_id", "date_debut", "date_fin", "niveau", "diplome_obtenu")
        self._creer(
            "entrees_etat",
            f"""
            WITH voulus AS (SELECT DISTINCT y.dossier, y.date_entree, d.ml_id, d.jeune_id
                FROM y_sorties AS y JOIN dossiers AS d USING (dossier))
            SELECT dossier, date_entree, arg_max(niveau IN ('VI', 'Vbis') OR (niveau = 'V' AND NOT diplome_obtenu),
                (date_debut, date_fin, niveau, diplome_obtenu)) AS faible
            FROM voulus JOIN ({lus}) AS j USING (ml_id, jeune_id)
            WHERE j.date_debut <= date_entree AND coalesce(j.date_fin, DATE '9999-12-31') >= date_entree
            GROUP BY dossier, date_entree""",
        )

    def _mer(self, nom: str, condition: str) -> None:
        lus = self.tables.lire("mise_en_relation", "ml_id", "jeune_id", "offre_id", "date_mer")
        self._evenements(nom, f"(SELECT * FROM ({lus}) AS l {condition})", "date_mer", "1 AS un")

    def mises_en_relation(self) -> None:
        """Meetings of a youth and an offer in the year."""
        self._mer("r_mises_en_relation", "")

    def mises_en_relation_ml(self) -> None:
        """Those on an offer that the mission locale collected."""
        collectees = f"SELECT offre_id FROM ({self.tables.lire('offre', 'offre_id', 'collectee_par_ml')}) WHERE collectee_par_ml"
        self._mer("r_mises_en_relation_ml", f"WHERE offre_id IN ({collectees})")

    def contacts(self) -> None:
        """Contacts with companies; the unit counted once is the company."""
        motifs = _liste(self.regles.mots("entreprise.motifs_contact"))
        lus = self.tables.lire("contact_entreprise", "entreprise_id", "ml_id", "date_contact", "motif", "visite")
        self._creer(
            "r_contacts",
            f"""
            SELECT ml.ml_num, dense_rank() OVER (ORDER BY ml.ml_num, entreprise_id) AS dossier,
                dense_rank() OVER (ORDER BY entreprise_id) AS personne, 0 AS bits,
                {rang_du_mois("date_contact", self.annee)} AS mois, coalesce(visite, false) AS visite
            FROM ({lus}) JOIN ml USING (ml_id)
            WHERE date_contact BETWEEN {self.d0} AND {self.d1} AND motif IN ({motifs})""",
        )

    def parrainages(self) -> None:
        """Sponsorships under way in each month."""
        masque = masque_des_mois("p.date_debut", "coalesce(p.date_fin, DATE '9999-12-31')", self.annee)
        du_segment = masque_des_mois("e.debut", "e.fin", self.annee)
        lus = self.tables.lire("parrainage", "ml_id", "jeune_id", "date_debut", "date_fin")
        self._creer(
            "r_parrainages",
            f"""
            SELECT e.ml_num, e.dossier, e.personne, e.bits, {masque} & {du_segment} AS parraine
            FROM ({lus}) AS p JOIN etats AS e USING (ml_id, jeune_id)
            WHERE e.debut <= coalesce(p.date_fin, DATE '9999-12-31') AND e.fin >= p.date_debut""",
        )

    def parrains(self) -> None:
        """Sponsors in activity in each month."""
        masque = masque_des_mois(
            "coalesce(actif_debut, DATE '1900-01-01')", "coalesce(actif_fin, DATE '9999-12-31')", self.annee
        )
        self._creer(
            "r_parrains",
            f"""
            SELECT ml.ml_num, row_number() OVER (ORDER BY parrain_id) AS dossier, NULL::INTEGER AS personne, 0 AS bits,
                {masque} AS actif
            FROM (SELECT parrain_id, ml_id, min(actif_debut) AS actif_debut,
                    max(coalesce(actif_fin, DATE '9999-12-31')) AS actif_fin
                FROM ({self.tables.lire("parrain", "parrain_id", "ml_id", "actif_debut", "actif_fin")})
                GROUP BY parrain_id, ml_id) JOIN ml USING (ml_id)""",
        )

    def periodes(self) -> None:
        """Periods in a company begun in the year and not cancelled."""
        lus = self.tables.lire("periode_entreprise", "ml_id", "jeune_id", "type", "date_debut", "annulee")
        self._evenements(
            "r_periodes", f"(SELECT * FROM ({lus}) WHERE NOT coalesce(annulee, false))", "date_debut",
            f"coalesce(x.type IN ({_liste(self.regles.mots('entreprise.types_immersion'))}), false) AS immersion, "
            f"coalesce(x.type IN ({_liste(self.cat.grille.immersions_courtes)}), false) AS courte",
        )  # fmt: skip


def _masque_ouvert(debut: str, fin: str, annee: AnneeMl) -> str:
    return masque_des_fins(debut, f"coalesce({fin}, DATE '9999-12-30')", annee)


def _liste(mots: tuple[str, ...]) -> str:
    return ", ".join(texte(m) for m in mots) or "NULL"
