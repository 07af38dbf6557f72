/** The desk's page: says when there is no connection, and what has just been put on the page. */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Shows one of the two notes, or none. */
function note(/** @type {string} */ shown) {
  for (const id of ["no-connection", "no-answer"]) byId(id).hidden = id !== shown;
}

addEventListener("offline", () => note("no-connection"));
addEventListener("online", () => note(""));
document.addEventListener("htmx:error", () => note("no-connection"));

document.addEventListener("htmx:response:error", () => note("no-answer"));

document.addEventListener("htmx:after:swap", () => {
  note(navigator.onLine ? "" : "no-connection");
  const report = byId("report");
  if (report) byId("said").textContent = report.dataset.said ?? "";
});

if (!navigator.onLine) note("no-connection");
