// What the screens read: the replica with the outbox on top, a few requests for each screen.

import { noFigures } from "../model/figures.js";
import { rowOf } from "../model/overlay.js";
import { statusOf } from "../model/status.js";
import { monthOf } from "../model/time.js";
import { reading } from "./db.js";
import { ofMember, whose } from "./session.js";
import { placesOf } from "./writer.js";

/** @typedef {import("./writer.js").Rec} Rec @typedef {import("./outbox.js").RefusedEntry} RefusedEntry */
/** @typedef {import("./index.js").Household} Household @typedef {import("./index.js").Visit} Visit */
/** @typedef {{of: (name: string) => any, plain: (name: string) => any, account: any, tx: import("./db.js").Tx}} Read */

const USAGE_MONTHS = 3;

/** @param {Rec} record @returns {Household} */
const householdOf = ({ id, village_id, version, data, visits = 0, last_visit_at = null, pending }) => /** @type {Household} */ ({ ...data, id, village_id, version, visits, last_visit_at, pending: Boolean(pending) });

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

/** @param {RefusedEntry[]} entries @param {string} type */
const refusedOf = (entries, type) => entries.filter(({ mutation }) => mutation.type === type);

/** @param {any[]} list */
const activeInOrder = (list) => list.filter(({ active }) => active !== false).sort((a, b) => a.position - b.position);

/** @param {Read} read @param {string} kind @returns {Promise<any[]>} */
async function rowsOf({ of }, kind) {
  const records = /** @type {Rec[]} */ (await of("rows").getAll(IDBKeyRange.bound([kind], [kind, []])));
  return records.filter(({ gone }) => !gone).map(({ id, village_id, data, pending }) => ({ village_id, ...data, id, pending: Boolean(pending) }));
}

/** @param {import("./db.js").Connection} db */
export function makeReads(db) {
  /**
   * @template T
   * @param {string[]} replica stores of the replica
   * @param {string[]} others
   * @param {(read: Read) => Promise<T>} work
   */
  const read = (replica, others, work) => db.run([...reading(...replica), ...others], "readonly", async (tx) => {
    const [account, { side }] = await whose(tx);
    return work({ account, tx, of: (name) => tx.objectStore(`${name}_${side}`), plain: (name) => tx.objectStore(name) });
  });
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
    async villages() {
      return (await team())?.villages || [];
    },
    /** @param {string} villageId @returns {Promise<import("./index.js").Member[]>} */
    members: (villageId) => read(["rows"], [], async (at) => {
      const [teams, members] = await Promise.all([rowsOf(at, "team"), rowsOf(at, "member")]);
      const serving = new Set(teams.filter(({ villages }) => (villages || []).some((/** @type {any} */ village) => village.id === villageId)).map(({ id }) => id));
      return members.filter(({ team_id }) => serving.has(team_id));
    }),
    /** @returns {Promise<import("./index.js").Service[]>} */
    services: async () => activeInOrder(await rows("service")),
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
    /** @param {string} villageId @returns {Promise<Household[]>} */
    households: (villageId) => read(["households"], [], async (at) => (await at.of("households").index("list").getAll(villageId)).map(householdOf)),
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
    /** @returns {Promise<import("./index.js").Refused[]>} */
    attention: () => read(["households", "visits"], ["attention"], async (at) => {
      const entries = await refused(at);
      const nameOf = namer(at, entries);
      return Promise.all(entries.map(async ({ mutation, code, field, message }) => {
        const visit = mutation.type.startsWith("visit.") ? { ...(await at.of("visits").get(mutation.args.id))?.data, ...mutation.args } : null;
        const household = visit ? visit.household_id : rowOf(mutation)?.[0] === "household" ? mutation.args.id : null;
        return { mutation, code, field, message, visit, household_name: await nameOf(household) };
      }));
    }),
    /** @param {string} period a month, 2026-11 @returns {Promise<import("./index.js").Totals>} */
    totals: (period) => read(["figures", "rows"], ["outbox"], async (at) => {
      const [figures, entries, reports] = await Promise.all([at.of("figures").get(period), ofMember(at.tx, "outbox", at.account?.member_id), rowsOf(at, "report")]);
      const { visits, people, households, unnamed } = figures || noFigures(period);
      const pending = entries.filter(({ mutation: { type, args, at: when } }) => type === "visit.record" && monthOf(args.occurred_at || when) === period).length;
      return { visits, people, households: Object.keys(households).length, households_unnamed: unnamed, pending, reported_nothing: reports.some((report) => report.period === period && report.team_id === at.account?.team_id) };
    }),
    outboxSize: () => read([], ["outbox"], async (at) => (at.account ? at.plain("outbox").index("member").count(at.account.member_id) : 0)),
    /** Moments in milliseconds, null when it never was. @returns {Promise<{all_sent_at: number | null, last_contact_at: number | null}>} */
    lastSent: () => read([], [], async (at) => (await at.plain("meta").get("contact")) || { all_sent_at: null, last_contact_at: null }),
    /** Whether the first pull came to its end. */
    isComplete: () => read([], [], async (at) => Boolean((await at.plain("meta").get("replica"))?.isComplete)),
    /** @returns {Promise<import("./index.js").Account | null>} */
    account: () => read([], [], async (at) => at.account),
    /** @param {string} key @returns {Promise<any>} */
    draft: (key) => read([], ["drafts"], async (at) => (await at.plain("drafts").get([at.account?.member_id || "", key]))?.value ?? null),
    /** @returns {Promise<{key: string, value: any}[]>} */
    drafts: () => read([], ["drafts"], async (at) => {
      const member = at.account?.member_id || "";
      const found = await at.plain("drafts").getAll(IDBKeyRange.bound([member], [member, []]));
      return found.map((/** @type {any} */ { key, value }) => ({ key, value }));
    }),
  };
}
