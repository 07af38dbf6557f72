// The village's households as one finds them: by any words, by hamlet, never visited first.

import { makeIndex } from "../model/search.js";
import { shortDate } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { onText, onTick } from "./controls.js";
import { html, icon, nothing } from "./html.js";
import { badge, empty } from "./parts.js";
import { stepHere } from "./router.js";

/** @typedef {import("../store/index.js").Household} Household @typedef {import("./html.js").Part} Part */

const PAGE = 16;
const byLetters = new Intl.Collator("vi");

/** @param {string} name */
const givenNameFirst = (name) => {
  const at = name.lastIndexOf(" ");
  return `${name.slice(at + 1)} ${name.slice(0, Math.max(at, 0))}`;
};

/** What a list remembers between visits to its screen. */
export const freshPlace = () => ({ words: "", hamlet: "", order: "never", shown: PAGE, step: "" });

/** @typedef {ReturnType<typeof freshPlace>} Place */

/**
 * What was searched for stands again on the way back, and is forgotten when the list is opened anew: whoever is not
 * shown then would be thought gone.
 * @param {Place} place
 */
export function arriveAt(place) {
  const step = stepHere();
  if (step !== place.step) Object.assign(place, { step, words: "", hamlet: "", shown: PAGE });
}

/** @template T @param {() => T} make @returns {() => T} made at the first call */
function atNeed(make) {
  /** @type {T | undefined} */
  let made;
  return () => (made ??= make());
}

/** The longest ago first, then by given name. @param {Household[]} households @param {boolean} isByName */
function ordered(households, isByName) {
  const keyed = households.map((household) => ({ household, when: isByName ? "" : household.last_visit_at || "", name: givenNameFirst(household.head_name) }));
  keyed.sort((a, b) => (a.when < b.when ? -1 : a.when > b.when ? 1 : byLetters.compare(a.name, b.name)));
  return keyed.map(({ household }) => household);
}

/**
 * Sorted and indexed once for each state of the data, and only when asked for; a keystroke only filters.
 * @param {Household[]} households
 */
export function prepare(households) {
  const hamlets = [...new Set(households.map((household) => household.hamlet || ""))].filter(Boolean).sort(byLetters.compare);
  return {
    count: households.length,
    hamlets,
    byName: atNeed(() => ordered(households, true)),
    never: atNeed(() => ordered(households, false)),
    index: atNeed(() => makeIndex(households)),
  };
}

/** @typedef {ReturnType<typeof prepare>} Prepared */

/** @typedef {(household: Household) => Part} Row */

/** @param {Prepared} prepared @param {Pick<Place, "words" | "hamlet" | "order">} place @returns {Household[]} */
export function matching({ byName, never, index }, { words, hamlet, order }) {
  const list = order === "never" ? never() : byName();
  const found = words.trim() ? new Set(index()(words)) : null;
  if (!found && !hamlet) return list;
  return list.filter((household) => (!found || found.has(household.id)) && (!hamlet || household.hamlet === hamlet));
}

/** When it was last visited, in words. @param {Household} household */
export function lastVisit(household) {
  if (!household.last_visit_at) return t("Not visited yet");
  return t("Last visit {date}", { date: shortDate(household.last_visit_at) });
}

/** @param {Household} household */
const rowText = (household) => html`<span class="grow"><span class="title">${household.head_name}</span>
  <span class="detail">${household.hamlet ? `${household.hamlet} · ` : ""}${lastVisit(household)}${household.visits ? ` · ${tn("{n} time", "{n} times", household.visits)}` : ""}</span></span>`;

/** A row that leads on. @param {string} href @param {Household} household @param {Part} [mark] */
export const householdLink = (href, household, mark = nothing) => html`<li><a class="row" href=${href}>${rowText(household)}${mark}${household.pending ? badge("quiet", "phone-saved", t("Not sent yet")) : nothing}${icon("next")}</a></li>`;

/** A row to tick. @param {Household} household @param {boolean} checked @param {(checked: boolean) => void} change @param {Part} [mark] */
export const householdTick = (household, checked, change, mark = nothing) => html`<li><label class="row"><input class="visually-hidden" type="checkbox" .checked=${checked} @change=${onTick(change)}><span class="tick"></span>${rowText(household)}${mark}</label></li>`;

/** @param {Prepared} prepared @param {Place} place @param {() => void} redraw */
function filters({ hamlets, index }, place, redraw) {
  const set = (/** @type {Partial<Place>} */ change) => { Object.assign(place, { shown: PAGE }, change); redraw(); };
  return html`<div class="search">${icon("search")}<input class="input" type="search" id="find" autocomplete="off" enterkeyhint="search" aria-label=${t("Find a household")} placeholder=${t("Find a household")} .value=${place.words} @focus=${index} @input=${onText((words) => set({ words }))}></div>
    <div class="pair">
      <select class="input" aria-label=${t("Order")} @change=${onText((order) => set({ order }))}>
        <option value="never" .selected=${place.order === "never"}>${t("Not visited first")}</option>
        <option value="name" .selected=${place.order === "name"}>${t("By name")}</option></select>
      ${hamlets.length > 1 ? html`<select class="input" aria-label=${t("Hamlet")} @change=${onText((hamlet) => set({ hamlet }))}>
        <option value="" .selected=${!place.hamlet}>${t("All hamlets")}</option>
        ${hamlets.map((hamlet) => html`<option value=${hamlet} .selected=${hamlet === place.hamlet}>${hamlet}</option>`)}</select>` : nothing}</div>`;
}

/**
 * Search, filters, and up to `shown` rows.
 * @param {Prepared} prepared
 * @param {Place} place
 * @param {() => void} redraw
 * @param {Row} row
 * @param {{view: (place: Place, row: Row) => Part}} [others] where to look when none is found here
 */
export function householdList(prepared, place, redraw, row, others) {
  const found = matching(prepared, place);
  const there = found.length ? nothing : others?.view(place, row) ?? nothing;
  const more = () => { place.shown += PAGE; redraw(); };
  return html`${filters(prepared, place, redraw)}
    <p class="soft small tight" role="status">${tn("{n} household", "{n} households", found.length)}</p>
    ${found.length ? html`<ul class="rows">${found.slice(0, place.shown).map(row)}</ul>` : there !== nothing ? there : empty(prepared.count ? t("No household matches. Try fewer words.") : t("No households yet."))}
    ${found.length > place.shown ? html`<button type="button" class="button wide" @click=${more}>${t("Show more")}</button>` : nothing}`;
}
