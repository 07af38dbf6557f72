// The questions of a visit, shared by the form, several households at once, and corrections.

import { addDays, today } from "../model/time.js";
import { t } from "../model/i18n.js";
import { onText, onToggle, pick, segments, stepper } from "./controls.js";
import { html, nothing } from "./html.js";
import { field } from "./parts.js";
import { serviceName, split, wordsOfService } from "./services.js";
import { kinds, outcomes } from "./words.js";

/**
 * @typedef {object} VisitValues
 * @property {string} id minted when the form opened
 * @property {string} village_id
 * @property {string | null} household_id
 * @property {{code: string, outcome: string}[]} services
 * @property {string} on a civil day, 2026-11-24
 * @property {boolean} [isOtherDay] the person asked for the calendar
 * @property {string} kind
 * @property {number} participants
 * @property {string[]} member_ids
 * @property {string | null} follow_up_on
 * @property {string} note
 * @property {string | null} [task_id]
 * @property {boolean} [isToComeBack] the date, and not the person, chose the results
 * @property {boolean} [isOpen] the further questions are unfolded
 * @property {boolean} [isAll] all kinds of support are shown
 * @property {boolean} [isCrew] companions were proposed: their names stand in sight
 */

/**
 * @typedef {object} Asked
 * @property {import("../store/index.js").Service[]} services in order of use
 * @property {Set<string>} leading codes of services that tasks have in focus
 * @property {import("../store/index.js").Member[]} members
 * @property {string} me
 * @property {Record<string, string>} errors field name to what is wrong
 * @property {(change: Partial<VisitValues>) => void} change
 * @property {boolean} [isEach] the answers are for each of several households
 */

const COMING_BACK = "needs_follow_up";

/** @param {VisitValues} values @param {Asked} asked */
function serviceButtons(values, { services, leading, errors, change }) {
  const isChosen = (/** @type {string} */ code) => values.services.some((service) => service.code === code);
  const { first, rest } = split(services, isChosen);
  const toggle = (/** @type {string} */ code) => (/** @type {boolean} */ on) => change({
    services: on ? [...values.services, { code, outcome: values.isToComeBack ? COMING_BACK : "done" }] : values.services.filter((service) => service.code !== code),
  });
  const button = (/** @type {Asked["services"][0]} */ service) => pick(serviceName(service), isChosen(service.code), toggle(service.code), leading.has(service.code) ? t("Focus of a task") : service.focus ? t("This month's focus") : "");
  return html`<fieldset class="stack stack-s" id="services">
    <legend class="label">${t("What was supported?")}</legend>
    ${errors.services ? html`<p class="error">${errors.services}</p>` : nothing}
    <div class="picks">${first.map(button)}${values.isAll ? rest.map(button) : nothing}</div>
    ${rest.length && !values.isAll ? html`<button type="button" class="button plain" @click=${() => change({ isAll: true })}>${t("Other kinds of support")}</button>` : nothing}
  </fieldset>`;
}

/** @param {VisitValues} values @param {Asked} asked */
function outcomeFields(values, { services, change }) {
  const set = (/** @type {string} */ code) => onText((outcome) => change({
    services: values.services.map((service) => (service.code === code ? { code, outcome } : service)),
  }));
  return values.services.map(({ code, outcome }) => {
    return field(`outcome-${code}`, t("Result: {service}", { service: wordsOfService(services, code) }), html`<select class="input" id="outcome-${code}" @change=${set(code)}>
      ${outcomes().map(([value, words]) => html`<option value=${value} .selected=${value === outcome}>${words}</option>`)}</select>`);
  });
}

/** The day, of whatever form. @param {{on: string, isOtherDay?: boolean}} values @param {{errors: Record<string, string>, change: (change: {on?: string, isOtherDay?: boolean}) => void}} asked */
export function dayFields(values, { errors, change }) {
  const now = today();
  const yesterday = addDays(now, -1);
  const chosen = values.isOtherDay ? "other" : values.on === now ? "today" : values.on === yesterday ? "yesterday" : "other";
  const days = /** @type {Record<string, string>} */ ({ today: now, yesterday });
  const choose = (/** @type {string} */ value) => change(value === "other" ? { isOtherDay: true, on: values.on === now ? yesterday : values.on } : { on: days[value], isOtherDay: false });
  return html`${segments("day", t("Which day?"), [["today", t("Today")], ["yesterday", t("Yesterday")], ["other", t("Another day")]], chosen, choose)}
    ${chosen === "other" ? field("on", t("Date"), html`<input class="input" id="on" type="date" max=${now} min=${addDays(now, -399)} .value=${values.on} aria-invalid=${errors.on ? "true" : "false"} aria-describedby=${errors.on ? "on-error" : nothing} @change=${onText((on) => change({ on }))}>`, { error: errors.on }) : nothing}`;
}

/** @param {VisitValues} values @param {Asked} asked */
function companions(values, { members, me, change }) {
  const others = members.filter((member) => member.id !== me);
  if (!others.length) return nothing;
  const toggle = (/** @type {string} */ id) => (/** @type {boolean} */ on) => change({
    member_ids: on ? [...values.member_ids, id] : values.member_ids.filter((member) => member !== id),
  });
  return html`<fieldset class="stack stack-s"><legend class="label">${t("Who of the team came along?")}</legend>
    <div class="picks">${others.map((member) => pick(member.name, values.member_ids.includes(member.id), toggle(member.id)))}</div></fieldset>`;
}

/**
 * A day to come back means that something is left to do: results that nobody chose follow the day.
 * @param {VisitValues} values @param {string | null} follow_up_on @returns {Partial<VisitValues>}
 */
function withFollowUp({ services, isToComeBack = false }, follow_up_on) {
  const own = isToComeBack ? COMING_BACK : "done";
  if (services.some(({ outcome }) => outcome !== own)) return { follow_up_on, isToComeBack: false };
  const outcome = follow_up_on ? COMING_BACK : "done";
  return { follow_up_on, isToComeBack: Boolean(follow_up_on), services: services.map(({ code }) => ({ code, outcome })) };
}

/** @param {VisitValues} values @param {Asked} asked */
function followUp(values, { errors, change }) {
  return field("follow-up", t("Come back on (if agreed)"), html`<input class="input" id="follow-up" type="date" min=${values.on} .value=${values.follow_up_on || ""} aria-describedby=${errors.follow_up_on ? "follow-up-error" : nothing} @change=${onText((follow_up_on) => change(withFollowUp(values, follow_up_on || null)))}>`, { error: errors.follow_up_on });
}

/**
 * All of it. `withPeople` is off where several households share one content: each is asked by itself.
 * @param {VisitValues} values
 * @param {Asked} asked
 */
export function visitFields(values, asked) {
  const { errors, change } = asked;
  const isComingBack = values.services.some(({ outcome }) => outcome === COMING_BACK);
  return html`${serviceButtons(values, asked)}
    ${dayFields(values, asked)}
    ${stepper("participants", asked.isEach ? t("How many people in each household?") : t("How many people were supported?"), values.participants, { min: 1, max: 2000, error: errors.participants }, (participants) => change({ participants }))}
    ${values.isCrew ? companions(values, asked) : nothing}
    <details .open=${values.isOpen ?? (isComingBack || Boolean(values.follow_up_on))} @toggle=${onToggle((isOpen) => { values.isOpen = isOpen; })}>
      <summary>${t("More details (optional)")}</summary>
      <div class="stack">
        ${segments("kind", t("How?"), kinds(), values.kind, (kind) => change({ kind }))}
        ${outcomeFields(values, asked)}
        ${followUp(values, asked)}
        ${values.isCrew ? nothing : companions(values, asked)}
        ${field("note", t("Note"), html`<textarea class="input" id="note" maxlength="1000" .value=${values.note} @input=${onText((note) => change({ note }))}></textarea>`)}
      </div>
    </details>`;
}
