// Who worked on a day: yesterday's people are proposed, so that one tap saves; and the month's days.

import { attendanceArgs, checkAttendance, crewProposed, newestFirst } from "../model/attendance.js";
import { uuid7 } from "../model/ids.js";
import { monthOf, monthWords, shortDate, today } from "../model/time.js";
import { t, tn } from "../model/i18n.js";
import { onText, pick, segments } from "../ui/controls.js";
import { makeForm } from "../ui/form.js";
import { html, nothing } from "../ui/html.js";
import { badge, empty, field, linkRow } from "../ui/parts.js";
import { villageField } from "../ui/village-choice.js";
import { dayFields } from "../ui/visit-fields.js";
import { activities, wordFor } from "../ui/words.js";

/** @typedef {import("../ui/app.js").App} App @typedef {import("../model/attendance.js").AttendanceValues} AttendanceValues */
/** @typedef {import("../store/index.js").AttendanceDay} AttendanceDay */

const KEY = "attendance";

/** @param {AttendanceValues} values @param {{id: string, name: string}[]} members @param {Record<string, string>} errors @param {(change: Partial<AttendanceValues>) => void} change */
function people({ member_ids }, members, errors, change) {
  const toggle = (/** @type {string} */ id) => (/** @type {boolean} */ on) => change({ member_ids: on ? [...member_ids, id] : member_ids.filter((member) => member !== id) });
  return html`<fieldset class="stack stack-s" id="members"><legend class="label">${t("Who worked?")}</legend>
    ${errors.members ? html`<p class="error">${errors.members}</p>` : nothing}
    <div class="picks">${members.map(({ id, name }) => pick(name, member_ids.includes(id), toggle(id)))}</div></fieldset>`;
}

/**
 * The form of a day; `write` saves, and `fresh` proposes when there is no draft, knowing who serves the village.
 * @param {App} app
 * @param {{key: string, title: string, parent: string, village: string, fresh: (served: string[]) => AttendanceValues, write: (values: AttendanceValues) => Promise<void>, leave: () => void, words: (values: AttendanceValues) => string}} about
 * @returns {Promise<import("../ui/app.js").Screen>}
 */
export async function attendanceForm(app, { key, title, parent, village, fresh, write, leave, words }) {
  const [kept] = await Promise.all([app.store.draft(key), app.store.ready()]);
  /** Of a village that is served no more nobody is known: the own team is. @param {string} village_id */
  const serving = async (village_id) => {
    const found = await app.store.members(village_id);
    return found.length ? found : app.store.members(app.village);
  };
  let members = await serving(kept?.village_id || village);
  const served = () => members.map(({ id }) => id);
  /** @type {AttendanceValues} */
  const values = kept || fresh(served());
  /** Whoever was chosen and is in no team here now stays until taken out. */
  const others = values.member_ids.filter((id) => !served().includes(id)).map((id) => ({ id, name: t("Somebody who is not in the team") }));
  const form = makeForm(app, {
    key,
    values,
    isKept: Boolean(kept),
    check: checkAttendance,
    write: () => write(values),
    leave,
    words: () => words(values),
  });

  /** Other people may serve the other village. @param {string} village_id */
  async function move(village_id) {
    form.change({ village_id });
    const found = await serving(village_id);
    if (values.village_id !== village_id) return;
    members = found;
    form.change({ member_ids: values.member_ids.filter((id) => served().includes(id)) });
  }

  return {
    title,
    place: "home",
    parent,
    isDirty: form.isDirty,
    close: form.close,
    view: () => html`${dayFields(values, { errors: form.errors(), change: form.change })}
      ${villageField(app, values.village_id, (id) => form.settle(move(id)))}
      ${people(values, [...members, ...others], form.errors(), form.change)}
      ${segments("activity", t("For what?"), activities(), values.activity, (activity) => form.change({ activity }))}
      ${field("note", t("Note"), html`<input class="input" id="note" maxlength="1000" autocomplete="off" .value=${values.note} @input=${onText((note) => form.change({ note }))}>`, { error: form.errors().note })}
      ${form.discard(parent)}`,
    bar: form.bar,
  };
}

/** @type {import("../ui/app.js").Open} */
export async function open(app) {
  const me = app.account?.member_id || "";
  const days = await app.store.attendance();
  const screen = await attendanceForm(app, {
    key: KEY,
    title: t("Attendance"),
    parent: "/",
    village: app.village,
    fresh: (served) => ({ id: uuid7(), village_id: app.village, on: today(), member_ids: crewProposed(days, served, me), activity: "visits", note: "" }),
    write: (values) => app.store.recordAttendance(attendanceArgs(values), KEY),
    leave: () => { app.tell(t("Saved on this phone")); app.go("/attendance/days", true); },
    words: ({ member_ids }) => tn("Save: {n} person", "Save: {n} people", member_ids.length),
  });
  return { ...screen, view: () => html`${screen.view()}<ul class="rows">${linkRow("#/attendance/days", t("Days of the month"), nothing)}</ul>` };
}

/** @param {AttendanceDay} day @param {Map<string, string>} names */
function dayRow(day, names) {
  const who = day.member_ids.map((id) => names.get(id)).filter(Boolean).join(", ");
  return html`<li><div class="row"><span class="grow"><span class="title">${shortDate(day.on)} · ${wordFor(activities(), day.activity)}</span>
    <span class="detail">${who || tn("{n} person", "{n} people", day.member_ids.length)}${day.note ? html` · ${day.note}` : nothing}</span>
    <span class="cluster">${day.pending ? badge("quiet", "phone-saved", t("Saved on this phone")) : badge("good", "send", t("Sent"))}${day.entered_for ? badge("quiet", "pencil", t("Entered by the commune")) : nothing}</span></span></div></li>`;
}

/** @type {import("../ui/app.js").Open} */
export async function openDays(app) {
  const month = monthOf(today());
  const read = () => Promise.all([app.store.attendance(), app.store.members(app.village)]);
  let [days, members] = await read();
  return {
    title: t("Attendance in {month}", { month: monthWords(month) }),
    place: "home",
    parent: "/attendance",
    refresh: async () => { [days, members] = await read(); },
    view: () => {
      const names = new Map(members.map(({ id, name }) => [id, name]));
      const own = /** @type {AttendanceDay[]} */ (newestFirst(days.filter(({ on }) => monthOf(on) === month)));
      const worked = new Set(own.filter(({ member_ids }) => member_ids.includes(app.account?.member_id || "")).map(({ on }) => on)).size;
      return html`<p class="soft">${tn("You worked on {n} day. A day counts once.", "You worked on {n} days. A day counts once.", worked)}</p>
        <a class="button primary big wide" href="#/attendance">${t("Record a day")}</a>
        ${own.length ? html`<ul class="rows">${own.map((day) => dayRow(day, names))}</ul>` : empty(t("The month's days will stand here."))}`;
    },
  };
}
