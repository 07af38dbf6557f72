// What the other screens read: households, visits, what needs a look, and what forms ask for.

import { rowsOf as rowsAbout } from "../model/overlay.js";
import { statusOf } from "../model/status.js";
import { placesOf } from "./db.js";
import { afterPaint } from "./later.js";
import { keepNames, recall } from "./names.js";
import { makeReader, readRaw, recordsOf, rowsOf } from "./reads.js";
import { ofMember } from "./session.js";

/** @typedef {import("./writer.js").Rec} Rec @typedef {import("./outbox.js").RefusedEntry} RefusedEntry @typedef {import("./reads.js").Read} Read */
/** @typedef {import("./index.js").Household} Household @typedef {import("./index.js").Visit} Visit */

const USAGE_MONTHS = 3;

/** @param {Rec} record @returns {Household} */
const householdOf = ({ id, village_id, version, data, visits = 0, last_visit_at = null, pending }) => /** @type {Household} */ ({ ...data, id, village_id, version, visits, last_visit_at, pending: Boolean(pending) });

/** @param {any[]} list */
const activeInOrder = (list) => list.filter(({ active }) => active !== false).sort((a, b) => a.position - b.position);

/** @param {Rec} record @returns {Visit} */
function visitOf({ id, village_id, data, pending, gone }) {
  const status = statusOf({ isPending: Boolean(pending), gone, counted: data.counted });
  return /** @type {Visit} */ ({ ...data, id, village_id, pending: Boolean(pending), gone, status });
}

/** A refused visit is no row any more; it is shown from its entry. @param {RefusedEntry} entry @returns {Visit} */
function refusedVisit({ mutation: { args, at, member_id }, code, message }) {
  const status = statusOf({ isPending: false, refusal: { code, message: message || undefined } });
  return /** @type {Visit} */ ({ household_id: null, member_ids: [member_id], occurred_at: at, ...args, author_id: member_id, pending: false, status });
}

/** @param {Rec} record @returns {import("./index.js").Task} */
const taskOf = ({ id, village_id, data, pending, gone }) => /** @type {any} */ ({ village_id, ...data, id, gone, pending: Boolean(pending) });

/** @param {Rec} record @returns {import("./index.js").VisitCounted} */
function countedOf({ id, village_id, gone, data: { team_id, household_id, kind, task_id, services, occurred_at, follow_up_on, participants, member_ids } }) {
  return { id, village_id, gone, team_id, household_id, kind, task_id, services, occurred_at, follow_up_on, participants, member_ids };
}

/** @param {RefusedEntry[]} entries @param {string} type */
const refusedOf = (entries, type) => entries.filter(({ mutation }) => mutation.type === type);

/** @param {import("./db.js").Connection} db */
export function makeLookups(db) {
  const read = makeReader(db);
  /** @param {string} kind */
  const rows = (kind) => read(["rows"], [], (at) => rowsOf(at, kind));
  /** @param {Read} at @returns {Promise<RefusedEntry[]>} */
  const refused = (at) => ofMember(at.tx, "attention", at.account?.member_id);

  /** The name of a household, wherever it is known from. @param {Read} at @param {RefusedEntry[]} entries */
  const namer = (at, entries) => async (/** @type {string | null} */ id) => {
    if (!id) return undefined;
    const record = await at.of("households").get(id);
    return record?.data.head_name ?? refusedOf(entries, "household.create").find(({ mutation }) => mutation.args.id === id)?.mutation.args.head_name;
  };

  /** @returns {Promise<{id: string, name: string, villages?: import("./index.js").Village[]} | null>} */
  const team = () => read(["rows"], [], async (at) => (await rowsOf(at, "team")).find(({ id }) => id === at.account?.team_id) || null);

  return {
    team,
    /** @returns {Promise<import("./index.js").Village[]>} */
    villages: async () => (await team())?.villages || [],
    /** @returns {Promise<import("./index.js").Service[]>} */
    services: async () => activeInOrder(await rows("service")),
    /** @param {string} villageId @returns {Promise<Household[]>} */
    async households(villageId) {
      const [records, kept] = await readRaw(db, ["households"], [], async (at) => Promise.all([at.of("households").index("list").getAll(villageId), at.plain("meta").get("names")]));
      await recall(db.keys, kept?.[villageId]);
      const found = records.map(householdOf);
      if (await db.keys.show(found)) afterPaint(() => void keepNames(db, villageId).catch(() => undefined));
      return found;
    },
    /** @param {string} villageId @returns {Promise<import("./index.js").Member[]>} */
    members: (villageId) => read(["rows"], [], async (at) => {
      const [teams, members] = await Promise.all([rowsOf(at, "team"), rowsOf(at, "member")]);
      const serving = new Set(teams.filter(({ villages }) => (villages || []).some((/** @type {any} */ village) => village.id === villageId)).map(({ id }) => id));
      // A guest's last day is known beforehand: it comes without a word from the server.
      return members.filter(({ team_id, ended_at }) => serving.has(team_id) && !(ended_at && Date.parse(ended_at) <= Date.now()));
    }),
    /** @returns {Promise<import("./index.js").Indicator[]>} */
    indicators: async () => activeInOrder(await rows("indicator")),
    /** How often the team recorded each service in the last months. @returns {Promise<Record<string, number>>} */
    usage: () => read(["figures"], [], async (at) => {
      /** @type {Record<string, number>} */
      const counts = {};
      for (const { services } of (await at.of("figures").getAll()).slice(-USAGE_MONTHS)) {
        for (const [code, n] of Object.entries(services)) counts[code] = (counts[code] || 0) + Number(n);
      }
      return counts;
    }),
    /** @param {string} id @returns {Promise<Household | null>} */
    household: (id) => read(["households"], ["attention"], async (at) => {
      const record = await at.of("households").get(id);
      if (record && !record.gone) return householdOf(record);
      const [lost] = refusedOf(await refused(at), "household.create").filter(({ mutation }) => mutation.args.id === id);
      return lost ? /** @type {Household} */ ({ ...lost.mutation.args, version: 0, visits: 0, last_visit_at: null, pending: false, isRefused: true }) : null;
    }),
    /** Newest first. @param {string} householdId @returns {Promise<Visit[]>} */
    visitsOf: (householdId) => read(["visits"], ["attention"], async (at) => {
      const [records, entries] = await Promise.all([at.of("visits").index("place").getAll(placesOf(householdId)), refused(at)]);
      const lost = refusedOf(entries, "visit.record").filter(({ mutation }) => mutation.args.household_id === householdId);
      return [...lost.map(refusedVisit), ...records.reverse().map(visitOf)];
    }),
    /** @param {string} id @returns {Promise<Visit | null>} */
    visit: (id) => read(["visits"], ["attention"], async (at) => {
      const record = await at.of("visits").get(id);
      if (record) return visitOf(record);
      const lost = refusedOf(await refused(at), "visit.record").find(({ mutation }) => mutation.args.id === id);
      return lost ? refusedVisit(lost) : null;
    }),
    /** The member's own, newest first, those that need attention among them. @returns {Promise<Visit[]>} */
    myVisits: ({ limit = 50 } = {}) => read(["visits", "households"], ["attention"], async (at) => {
      const [records, entries] = await Promise.all([at.of("visits").index("mine").getAll(null, limit), refused(at)]);
      const all = [...refusedOf(entries, "visit.record").map(refusedVisit), ...records.map(visitOf)];
      const newest = all.sort((a, b) => Date.parse(b.occurred_at) - Date.parse(a.occurred_at)).slice(0, limit);
      const nameOf = namer(at, entries);
      return Promise.all(newest.map(async (visit) => ({ ...visit, household_name: await nameOf(visit.household_id) })));
    }),
    /** The days that the member's team worked, in no order. @returns {Promise<import("./index.js").AttendanceDay[]>} */
    attendance: () => read(["rows"], [], async (at) => (await rowsOf(at, "attendance")).filter(({ team_id }) => team_id === at.account?.team_id)),
    /** The team's, in no order, those that left among them. @returns {Promise<import("./index.js").Task[]>} */
    tasks: () => read(["rows"], [], async (at) => (await recordsOf(at, "task")).map(taskOf).filter(({ team_id }) => team_id === at.account?.team_id)),
    /** Of all who serve the villages, in no order. @returns {Promise<import("./index.js").HelpRequest[]>} */
    requests: () => rows("request"),
    /** To the member, in no order, warnings that were read and taken back among them. @returns {Promise<import("./index.js").Notice[]>} */
    notices: () => read(["rows"], [], async (at) => (await recordsOf(at, "notification")).map(({ id, data, gone, pending }) => /** @type {any} */ ({ ...data, id, gone, pending: Boolean(pending) }))),
    /** What the member wants to be told. @returns {Promise<import("./index.js").Preference>} */
    preference: () => read(["rows"], [], async (at) => ({ topics_off: [], digest_hour: 7, ...(await at.of("rows").get(["preference", at.account?.member_id || ""]))?.data })),
    /** The visits in some villages, without their private texts, in no order. @param {string[]} villageIds @returns {Promise<import("./index.js").VisitCounted[]>} */
    visitsIn: (villageIds) => readRaw(db, ["visits"], [], async (at) => {
      const found = await Promise.all([...new Set(villageIds)].map((id) => at.of("visits").index("village").getAll(id)));
      return found.flat().map(countedOf);
    }),
    /** @returns {Promise<import("./index.js").Refused[]>} */
    attention: () => read(["households", "visits", "rows"], ["attention"], async (at) => {
      const entries = await refused(at);
      const nameOf = namer(at, entries);
      return Promise.all(entries.map(async ({ mutation, code, field, message }) => {
        const visit = mutation.type.startsWith("visit.") ? { ...(await at.of("visits").get(mutation.args.id))?.data, ...mutation.args } : null;
        const household = visit ? visit.household_id : rowsAbout(mutation)[0]?.[0] === "household" ? mutation.args.id : null;
        const task = mutation.type.startsWith("task.") ? await at.of("rows").get(["task", mutation.args.id]) : null;
        return { mutation, code, field, message, visit, household_name: await nameOf(household), task: task ? { title: task.data.title || "" } : null };
      }));
    }),
    /** Moments in milliseconds, null when it never was. @returns {Promise<{all_sent_at: number | null, last_contact_at: number | null}>} */
    lastSent: () => read([], [], async (at) => (await at.plain("meta").get("contact")) || { all_sent_at: null, last_contact_at: null }),
    /** @param {string} key @returns {Promise<any>} */
    draft: async (key) => (await read([], ["drafts"], (at) => at.plain("drafts").get([at.account?.member_id || "", key])))?.value ?? null,
  };
}
