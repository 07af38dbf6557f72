// The questions about a household. Only the name is needed.

import { locale, t } from "../model/i18n.js";
import { onText, onTick, onToggle, segments, stepper } from "./controls.js";
import { html, nothing } from "./html.js";
import { spokenConsent } from "./consent.js";
import { field } from "./parts.js";

/**
 * @typedef {object} HouseholdValues
 * @property {string} id
 * @property {string} village_id
 * @property {string} head_name
 * @property {string} hamlet
 * @property {string} phone
 * @property {boolean} mayCall
 * @property {import("../model/consent.js").Word} [named]
 * @property {number | null} people
 * @property {number | null} adults
 * @property {string} note
 * @property {Record<string, boolean | number | null>} indicators
 * @property {boolean} [isOpen]
 * @property {string[]} [different] ids of households that it is not, as the person said
 * @property {Record<string, any>} [was] the household as it stood when its details were opened
 */

/**
 * @typedef {object} AskedHousehold
 * @property {import("../store/index.js").Indicator[]} indicators
 * @property {string[]} hamlets
 * @property {Record<string, string>} errors
 * @property {(change: Partial<HouseholdValues>) => void} change
 * @property {import("./likely.js").Hints} [likely] households that may be this one
 */

/** @param {"head_name" | "hamlet" | "phone"} name @param {string} label @param {HouseholdValues} values @param {AskedHousehold} asked @param {{help?: string, max: number, mode?: string, type?: string}} more */
function textField(name, label, values, { errors, change }, { help, max, mode = "text", type = "text" }) {
  return field(name, label, html`<input class="input" id=${name} type=${type} inputmode=${mode} maxlength=${max} autocomplete="off" autocapitalize="words" .value=${values[name]}
    aria-invalid=${errors[name] ? "true" : "false"} aria-describedby=${errors[name] ? `${name}-error` : help ? `${name}-help` : nothing}
    @input=${onText((value) => change({ [name]: value }))}>`, { error: errors[name], help: help || nothing });
}

/** @param {HouseholdValues} values @param {AskedHousehold} asked */
function hamletField(values, asked) {
  const near = asked.hamlets.slice(0, 8);
  return html`${textField("hamlet", t("Hamlet or group"), values, asked, { max: 120 })}
    ${near.length > 1 ? html`<div class="cluster" role="group" aria-label=${t("Hamlets of the village")}>${near.map((hamlet) => html`<button type="button" class="chip" aria-pressed=${hamlet === values.hamlet ? "true" : "false"} @click=${() => asked.change({ hamlet })}>${hamlet}</button>`)}</div>` : nothing}`;
}

/** @param {import("../store/index.js").Indicator} indicator */
export const indicatorName = (indicator) => (locale() === "en" ? indicator.name_en : indicator.name_vi);

/** "Người trưởng thành" within a sentence; "VNeID" stays. @param {string} name */
const lowerFirst = (name) => (/^\p{Lu}\p{Ll}/u.test(name) ? name[0].toLowerCase() + name.slice(1) : name);

/** @param {import("../store/index.js").Indicator} indicator @param {HouseholdValues} values @param {AskedHousehold} asked */
function indicatorField(indicator, values, { change, errors }) {
  const { code } = indicator;
  const name = indicatorName(indicator);
  const value = values.indicators[code];
  const set = (/** @type {boolean | number | null} */ now) => change({ indicators: { ...values.indicators, [code]: now } });
  if (indicator.type === "count") {
    const label = t("Number of {what}", { what: lowerFirst(name) });
    return stepper(`i-${code}`, label, typeof value === "number" ? value : NaN, { min: 0, max: 50, error: errors[`indicators.${code}`] }, (count) => set(Number.isFinite(count) ? count : null));
  }
  const chosen = value === true ? "yes" : value === false ? "no" : "unknown";
  return segments(`i-${code}`, name, [["yes", t("Yes")], ["no", t("No")], ["unknown", t("Not asked")]], chosen, (word) => set(word === "unknown" ? null : word === "yes"));
}

/** @param {HouseholdValues} values @param {AskedHousehold} asked */
export function householdFields(values, asked) {
  const { errors, change } = asked;
  const say = (/** @type {any} */ named) => change({ named });
  // Nobody asked is no answer: it is no third button that would look chosen from the start.
  const asking = html`<div class="stack stack-s">${spokenConsent()}
    ${segments("named", t("May the team write the name down?"), [["yes", t("They agree")], ["no", t("They do not agree")]], values.named || "", say)}
    ${values.named ? html`<div><button type="button" class="button plain" @click=${() => say("")}>${t("Undo: not asked yet")}</button></div>` : html`<p class="soft small">${t("Not asked yet: you can save all the same, and ask later.")}</p>`}
    ${values.named === "no" ? html`<p class="banner info"><span class="grow">${t("When you save, no name, number or detail of this household is kept. The visits still count.")}</span></p>` : nothing}</div>`;
  if (values.named === "no") return asking;
  return html`${asking}${textField("head_name", t("Head of household's full name"), values, asked, { max: 120 })}
    ${asked.likely?.byName ?? nothing}
    ${hamletField(values, asked)}
    ${textField("phone", t("Phone (if they agree)"), values, asked, { max: 20, mode: "tel", type: "tel" })}
    ${values.phone.trim() ? html`<div class="field"><label class="pick"><input type="checkbox" .checked=${values.mayCall} @change=${onTick((mayCall) => change({ mayCall }))}><span class="face"><span>${t("The household agrees that the team may call this number")}</span></span></label>
      ${errors.mayCall ? html`<p class="error">${errors.mayCall}</p>` : nothing}</div>` : nothing}
    ${asked.likely?.byPhone ?? nothing}
    <details .open=${Boolean(values.isOpen)} @toggle=${onToggle((isOpen) => { values.isOpen = isOpen; })}>
      <summary>${t("More details (optional)")}</summary>
      <div class="stack">
        ${stepper("people", t("People in the household"), values.people ?? NaN, { min: 1, max: 50, error: errors.people }, (people) => change({ people: Number.isFinite(people) ? people : null }))}
        ${stepper("adults", t("Adults"), values.adults ?? NaN, { min: 0, max: 50, error: errors.adults }, (adults) => change({ adults: Number.isFinite(adults) ? adults : null }))}
        ${asked.indicators.map((indicator) => indicatorField(indicator, values, asked))}
        ${field("note", t("Note"), html`<textarea class="input" id="note" maxlength="500" .value=${values.note} @input=${onText((note) => change({ note }))}></textarea>`, { help: t("Do not write identity card numbers."), error: errors.note })}
      </div>
    </details>`;
}
