// Enregistre ce qu'on écrit, formulaire par formulaire, ou en garde le brouillon. Sans ce script, le bouton suffit.
// Un seul envoi à la fois : le suivant part avec la version que le premier a reçue, on n'est jamais en conflit avec soi.
const ATTENTE = 1500;

function suivre(formulaire) {
  const etat = formulaire.querySelector("[data-etat]") || document.querySelector("[data-etat]");
  let minuterie = 0;
  let enCours = null;
  let aEcrire = false;

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
      if (!reponse.ok) return dire(lu.message || "Non enregistré : utilisez le bouton.");
      Object.entries(lu.ecrites).forEach(([nom, version]) => { formulaire.elements[nom].value = version; });
      if (lu.message) return dire(lu.message);
      const reserves = Object.keys(lu.refusees).length + lu.conflits.length;
      dire(reserves ? "Une réponse n’est pas enregistrée : le bouton vous dira laquelle." : `Brouillon enregistré à ${lu.heure}.`);
    } catch {
      aEcrire = true;
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

  // Ce qui part par un bouton, ou s'abandonne, ne part pas une seconde fois en brouillon.
  function partir(evenement) {
    clearTimeout(minuterie);
    aEcrire = false;
    if (!enCours) return;
    evenement.preventDefault();
    enCours.finally(() => evenement.target.requestSubmit(evenement.submitter));
  }

  document.addEventListener("input", (evenement) => {
    if (evenement.target.form !== formulaire) return;
    aEcrire = true;
    clearTimeout(minuterie);
    minuterie = setTimeout(enregistrer, ATTENTE);
  });

  // Quitter la page ou changer d'onglet n'attend pas la minuterie.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && aEcrire) enregistrer();
  });

  formulaire.addEventListener("submit", partir);
  document.querySelectorAll("[data-abandon]").forEach((autre) => autre.addEventListener("submit", (evenement) => {
    const ligne = (f) => f.elements.ligne?.value;
    if (ligne(autre) === ligne(formulaire)) partir(evenement);
  }));
}

document.querySelectorAll("[data-enregistrement]").forEach(suivre);
