// Follows a running import without reloading the page; without JavaScript, the page offers links that do the same.
const PERIODE = 3000;
const zone = document.querySelector("[data-suivi]");

async function relire() {
  const reponse = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!reponse.ok) return;
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  const neuve = page.querySelector("[data-suivi]");
  if (!neuve) {
    window.location.reload();
    return;
  }
  if (neuve.textContent !== zone.textContent) zone.replaceChildren(...neuve.children);
}

if (zone) setInterval(() => relire().catch(() => {}), PERIODE);
