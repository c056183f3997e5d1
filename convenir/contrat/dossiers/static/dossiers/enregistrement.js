// Enregistre la section pendant que l'on écrit. Sans ce script, le bouton suffit.
const formulaire = document.querySelector("[data-enregistrement]");
const etat = document.querySelector("[data-etat]");
const ATTENTE = 1500;
let minuterie = 0;

const dire = (texte) => { etat.textContent = texte; };

async function enregistrer() {
  dire("Enregistrement…");
  try {
    const reponse = await fetch(formulaire.action || window.location.href, {
      method: "POST",
      body: new FormData(formulaire),
      headers: { "X-Requested-With": "convenir" },
    });
    const lu = await reponse.json();
    if (!reponse.ok) return dire(lu.message || "Non enregistré : utilisez le bouton.");
    Object.entries(lu.ecrites).forEach(([nom, version]) => { formulaire.elements[nom].value = version; });
    const reserves = Object.keys(lu.refusees).length + lu.conflits.length;
    dire(reserves ? "Une réponse n’est pas enregistrée : le bouton vous dira laquelle." : `Brouillon enregistré à ${lu.heure}.`);
  } catch {
    dire("Connexion perdue : votre texte est encore ici, enregistrez-le avec le bouton.");
  }
}

document.addEventListener("input", (evenement) => {
  if (evenement.target.form !== formulaire) return;
  clearTimeout(minuterie);
  minuterie = setTimeout(enregistrer, ATTENTE);
});
formulaire.addEventListener("submit", () => clearTimeout(minuterie));
