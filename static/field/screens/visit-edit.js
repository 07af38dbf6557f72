// Correcting one's own visit: the same questions, and why.

import { changedFields, checkVisit, visitArgs, visitValues } from "../model/visit.js";
import { t } from "../model/i18n.js";
import { onText } from "../ui/controls.js";
import { makeForm } from "../ui/form.js";
import { html } from "../ui/html.js";
import { empty, field } from "../ui/parts.js";
import { visitFields } from "../ui/visit-fields.js";
import { askedOf } from "./visit-form.js";

/** @type {import("../ui/app.js").Open} */
export async function open(app, { id }) {
  const visit = await app.store.visit(id);
  const parent = `/visit/${id}`;
  if (!visit || visit.gone) return { title: t("Correct a visit"), parent: "/visits", view: () => empty(t("This visit has been withdrawn.")) };
  const key = `amend:${id}`;
  const asked = await askedOf(app, visit.village_id);
  const kept = await app.store.draft(key);
  const values = kept || { ...visitValues(visit), isOpen: true, reason: "", was: visit };
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: (now) => ({ ...checkVisit(now), ...(now.reason.trim() ? {} : { reason: t("Please say in a few words why.") }) }),
    write: async () => {
      // What came from the server meanwhile is nothing that the person has seen, or changed.
      const fields = changedFields(values.was || visit, visitArgs(values));
      if (Object.keys(fields).length) await app.store.amendVisit(id, values.reason.trim(), fields, key);
      else await app.store.dropDraft(key);
    },
    leave: () => { app.tell(t("Saved on this phone")); app.back(parent); },
    words: () => t("Save the correction"),
  });
  return {
    title: t("Correct a visit"),
    parent,
    scroll: kept ? kept.scroll : 0,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${field("reason", t("Why is it corrected?"), html`<input class="input" id="reason" maxlength="200" autocomplete="off" .value=${values.reason} aria-invalid=${form.errors().reason ? "true" : "false"} @input=${onText((reason) => form.change({ reason }))}>`, { error: form.errors().reason })}
      ${visitFields(values, { ...asked, errors: form.errors(), change: form.change })}
      ${form.discard(parent)}`,
    bar: form.bar,
  };
}
