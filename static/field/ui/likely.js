// Whether a household that is being entered stands in the list already: said calmly while one types, in nobody's way.

import { phoneWords } from "../model/household.js";
import { makeLikeness } from "../model/likeness.js";
import { t, tn } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { linkRow } from "./parts.js";
import { villageName } from "./village-choice.js";

/** @typedef {import("./app.js").App} App @typedef {import("./html.js").Part} Part @typedef {import("../store/index.js").Household} Household */
/** @typedef {import("./household-fields.js").HouseholdValues} HouseholdValues @typedef {{other: Household, why: import("../model/likeness.js").Alike}} Likeness */
/** @typedef {{byName: Part, byPhone: Part}} Hints each stands under the field that it is about */

/** Whoever shares a name with more is told how many. */
const SHOWN = 3;

/** @param {import("../model/likeness.js").Alike} why */
function wordsOf(why) {
  switch (why) {
    case "name_and_phone": return t("same name and phone number");
    case "name": return t("same name");
    case "phone": return t("same phone number");
    case "name_near": return t("same name, another hamlet");
    default: return t("same name, another village");
  }
}

/** @param {App} app @param {Likeness} found @param {(id: string) => string} known */
function row(app, { other: { id, head_name, hamlet, phone, village_id }, why }, known) {
  const place = [hamlet, villageName(app, village_id), phone && phoneWords(phone)].filter(Boolean).join(" · ");
  return linkRow(`#${known(id)}`, head_name, html`${place}${place ? html`<br>` : nothing}${wordsOf(why)}`);
}

/**
 * The households on the phone that a new one may be, read when something is typed that can be compared.
 * @param {App} app
 * @param {(id: string) => string} known where one of them leads
 */
export function likelyOnes(app, known) {
  /** @type {((one: HouseholdValues) => Likeness[]) | null} */
  let ask = null;
  let reading = 0;

  async function read() {
    const mine = ++reading;
    const found = await Promise.all(app.villages.map(({ id }) => app.store.households(id)));
    if (mine !== reading) return;
    ask = makeLikeness(found.flat());
    app.redraw();
  }

  /** @param {Likeness[]} found @param {(ids: string[]) => void} deny @returns {Part} */
  function hint(found, deny) {
    const more = found.length - SHOWN;
    return html`<div role="status">${found.length ? html`<div class="banner info">${icon("info")}<p class="grow">${t("May be in the list already. Open it if it is the same household:")}</p>
      <div class="stack stack-s"><ul class="rows">${found.slice(0, SHOWN).map((one) => row(app, one, known))}</ul>
        ${more > 0 ? html`<p class="small">${tn("and {n} more", "and {n} more", more)}</p>` : nothing}
        <button type="button" class="button wide" @click=${() => deny(found.map(({ other }) => other.id))}>${t("No, it is a new household")}</button></div></div>` : nothing}</div>`;
  }

  return {
    forget() { ask = null; reading += 1; },
    /** @param {HouseholdValues} values @param {(change: Partial<HouseholdValues>) => void} change @returns {Hints} */
    hints(values, change) {
      if (!ask && (values.head_name.trim() || values.phone.trim())) { ask = () => []; void read().catch(() => undefined); }
      const different = values.different || [];
      const found = (ask?.(values) || []).filter(({ other }) => !different.includes(other.id));
      const deny = (/** @type {string[]} */ ids) => change({ different: [...different, ...ids] });
      const isByPhone = (/** @type {Likeness} */ { why }) => why === "phone";
      return { byName: hint(found.filter((one) => !isByPhone(one)), deny), byPhone: hint(found.filter(isByPhone), deny) };
    },
  };
}
