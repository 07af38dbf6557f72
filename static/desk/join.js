// The page behind an invitation's link. In the phone's own browser it leads into the app; inside another app it shows
// the way out. The secret stands behind the "#", where neither servers nor link previews see it.

(() => {
  const secret = location.hash.slice(1);
  if (document.body.dataset.inApp !== "yes") {
    location.replace(secret ? `/#/join/${encodeURIComponent(secret)}` : "/#/join");
    return;
  }
  const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const link = /** @type {HTMLInputElement} */ (byId("link"));
  link.value = location.href;

  byId("copy").addEventListener("click", async () => {
    const copied = byId("copied");
    link.select();
    const done = await navigator.clipboard.writeText(link.value).then(() => true, () => document.execCommand("copy"));
    copied.textContent = (done ? copied.dataset.yes : copied.dataset.no) ?? "";
  });

  /** Android opens the link in Chrome itself. */
  const open = document.getElementById("open");
  if (open && secret) {
    const scheme = location.protocol.slice(0, -1);
    open.setAttribute("href", `intent://${location.host}${location.pathname}#${secret}#Intent;scheme=${scheme};package=com.android.chrome;end`);
    open.hidden = false;
  }

  /** Whose invitation it is, and the code for who cannot copy. */
  async function tell() {
    const answer = await fetch("/api/v1/invitation", { method: "POST", body: JSON.stringify({ secret }), headers: { "Content-Type": "application/json" } });
    const said = await answer.json();
    if (!answer.ok) {
      byId("problem").textContent = said.title;
      byId("problem").hidden = false;
      return;
    }
    byId("whose").textContent = [said.name, said.team, said.commune].filter(Boolean).join(" · ");
    byId("address").textContent = `${location.host}${location.pathname}`;
    byId("code").textContent = said.code;
    byId("by-code").hidden = false;
  }
  if (secret) void tell().catch(() => undefined);
})();
