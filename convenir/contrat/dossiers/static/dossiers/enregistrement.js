// Enregistre ce qu'on écrit, formulaire par formulaire, ou en garde le brouillon. Sans ce script, le bouton suffit.
// Un seul envoi à la fois : le suivant part avec la version que le premier a reçue, on n'est jamais en conflit avec soi.
const ATTENTE = 1500;

function suivre(formulaire) {
  const etat = formulaire.querySelector("[data-etat]") || document.querySelector("[data-etat]");
  let minuterie = 0;
  let enCours = null;
  let aEcrire = false;
  let perdu = false;

  const dire = (texte) => { etat.textContent = texte; };

  async function envoyer() {
    aEcrire = false;
    dire("Enregistrement…");
    try {
      const reponse = await fetch(formulaire.getAttribute("action") || window.location.href, {
        method: "POST",
        body: new FormData(formulaire),
        headers: { "X-Requested-With": "convenir" },
        keepalive: true,
      });
      const lu = await reponse.json();
      perdu = false;
      if (!reponse.ok) return dire(lu.message || "Non enregistré : utilisez le bouton.");
      Object.entries(lu.ecrites).forEach(([nom, version]) => { formulaire.elements[nom].value = version; });
      if (lu.message) return dire(lu.message);
      const reserves = Object.keys(lu.refusees).length + lu.conflits.length;
      dire(reserves ? "Une réponse n’est pas enregistrée : le bouton vous dira laquelle." : `Brouillon enregistré à ${lu.heure}.`);
    } catch {
      aEcrire = perdu = true;
      dire("Connexion perdue : votre texte est encore ici, enregistrez-le avec le bouton.");
    }
  }

  function enregistrer() {
    clearTimeout(minuterie);
    if (enCours) return;
    enCours = envoyer().finally(() => {
      enCours = null;
      if (aEcrire) minuterie = setTimeout(enregistrer, ATTENTE);
    });
  }

  document.addEventListener("input", (evenement) => {
    if (evenement.target.form !== formulaire) return;
    aEcrire = true;
    perdu = false;
    clearTimeout(minuterie);
    minuterie = setTimeout(enregistrer, ATTENTE);
  });

  // Fermer la page ou changer d'onglet n'attend pas la minuterie.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && aEcrire) enregistrer();
  });

  return {
    // Le formulaire lui-même, ou l'abandon du brouillon de sa ligne.
    emporte: (autre) => autre === formulaire
      || (autre.matches("[data-abandon]") && autre.elements.ligne?.value === formulaire.elements.ligne?.value),

    // Ce qui part par un bouton, ou s'abandonne, ne part pas une seconde fois en brouillon.
    renoncer() {
      clearTimeout(minuterie);
      aEcrire = false;
    },

    async finir() {
      await enCours;
      if (aEcrire) enregistrer();
      await enCours;
      return !aEcrire;
    },

    // Une connexion déjà dite perdue ne retient pas une seconde fois.
    retient: () => Boolean(enCours || (aEcrire && !perdu)),
  };
}

const suivis = [...document.querySelectorAll("[data-enregistrement]")].map(suivre);

// La page ne se quitte qu'une fois le texte reçu : la suivante le montre.
async function quitter(evenement, partant, reprendre) {
  if (evenement.defaultPrevented) return;
  suivis.filter((suivi) => partant && suivi.emporte(partant)).forEach((suivi) => suivi.renoncer());
  const retenus = suivis.filter((suivi) => suivi.retient());
  if (!retenus.length) return;
  evenement.preventDefault();
  const gardes = await Promise.all(retenus.map((suivi) => suivi.finir()));
  if (gardes.every(Boolean)) reprendre();
}

document.addEventListener("submit", (evenement) => {
  const { target: formulaire, submitter: bouton } = evenement;
  quitter(evenement, formulaire, () => formulaire.requestSubmit(bouton));
});

document.addEventListener("click", (evenement) => {
  const lien = evenement.target.closest("a[href]");
  const ailleurs = evenement.button || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey;
  if (!lien || ailleurs || lien.target || lien.getAttribute("href").startsWith("#")) return;
  quitter(evenement, null, () => window.location.assign(lien.href));
});
