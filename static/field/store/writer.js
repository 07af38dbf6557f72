// Writes rows of the replica in one transaction: the server's rows with the outbox on top, and what is
// counted from them (a household's last visit, the team's figures of a month), so that lists never read all visits.

import { addVisit, monthOfVisit, noFigures } from "../model/figures.js";
import { applied, rowsOf } from "../model/overlay.js";
import { placesOf, silently } from "./db.js";
import { boxesIn, nameOf } from "./keyring.js";

/** @typedef {import("../model/overlay.js").Mutation} Mutation */
/** @typedef {{version: number, data: Record<string, any> | null, gone?: string, village_id?: string | null}} ServerRow */
/**
 * @typedef {object} Rec a row as it is kept; `server` is there only while something is pending
 * @property {string} id
 * @property {string} [kind]
 * @property {string | null} village_id
 * @property {number} version
 * @property {Record<string, any>} data
 * @property {string} [gone]
 * @property {number} [pending]
 * @property {ServerRow | null} [server]
 * @property {string} [list]
 * @property {[string, number]} [place]
 * @property {number} [mine]
 * @property {number} [visits]
 * @property {string | null} [last_visit_at]
 */

/** @typedef {import("./db.js").Tx} Tx @typedef {import("./db.js").Side} Side */
/** @typedef {{member_id: string, team_id: string | null}} Owner */

const STORES = /** @type {Record<string, string>} */ ({ household: "households", visit: "visits" });

const MANY = 200;

/** @param {number} time */
const isoOf = (time) => new Date(time).toISOString();

export class Writer {
  /**
   * @param {Tx} tx over all stores
   * @param {Side} side
   * @param {Owner} owner
   * @param {Mutation[]} outbox the owner's, in order
   */
  constructor(tx, side, owner, outbox) {
    this.tx = tx;
    this.side = side;
    this.owner = owner;
    /** @type {Map<string, Mutation[]>} */
    this.onTop = new Map();
    /** @type {Map<string, Rec | undefined>} */
    this.cache = new Map();
    /** @type {Map<string, import("../model/figures.js").Figures>} */
    this.figures = new Map();
    /** @type {Set<string>} households whose visits must be counted anew */
    this.touched = new Set();
    /** @type {Map<string, number[]>} household to the times of visits that are new */
    this.added = new Map();
    this.hasNoVisits = false;
    this.serve(owner, outbox);
  }

  /** Whose rows it writes, and what of theirs waits. @param {Owner} owner @param {Mutation[]} outbox in order */
  serve(owner, outbox) {
    this.owner = owner;
    outbox.forEach((mutation) => this.lay(mutation));
  }

  /** Puts a mutation on top of its rows; `show` shows it. @param {Mutation} mutation */
  lay(mutation) {
    for (const row of rowsOf(mutation)) this.onTop.set(row.join(), [...this.over(row), mutation]);
  }

  /** Takes a mutation off its rows. @param {Mutation} mutation */
  lift(mutation) {
    for (const row of rowsOf(mutation)) this.onTop.set(row.join(), this.over(row).filter(({ id }) => id !== mutation.id));
  }

  /** What lies on top of a row. @param {[string, string]} row @returns {Mutation[]} */
  over(row) {
    return this.onTop.get(row.join()) || [];
  }

  /** Writes the rows of a mutation anew. @param {Mutation} mutation */
  async show(mutation) {
    for (const row of rowsOf(mutation)) await this.rewrite(...row);
  }

  /** @param {string} name */
  store(name) {
    return /** @type {any} */ (this.tx.objectStore(`${name}_${this.side}`));
  }

  /** @param {string} kind */
  storeOf(kind) {
    return this.store(STORES[kind] || "rows");
  }

  /** @param {string} kind @param {string} id @returns {Promise<Rec | undefined>} */
  async load(kind, id) {
    const key = `${kind},${id}`;
    if (!this.cache.has(key)) {
      const found = await this.storeOf(kind).get(STORES[kind] ? id : [kind, id]);
      if (!this.cache.has(key)) this.cache.set(key, found);
    }
    return this.cache.get(key);
  }

  /** @param {string} kind @param {string} id @param {Rec | undefined} record */
  keep(kind, id, record) {
    this.cache.set(`${kind},${id}`, record);
    const store = silently(this.tx, `${STORES[kind] || "rows"}_${this.side}`);
    if (record) store.put(record);
    else store.delete(STORES[kind] ? id : [kind, id]);
  }

  /**
   * Writes a row anew: what the server has (`change`, or what was known of it) with the outbox on top.
   * @param {string} kind
   * @param {string} id
   * @param {ServerRow | null} [change]
   */
  async rewrite(kind, id, change) {
    const old = await this.load(kind, id);
    const server = change === undefined ? serverOf(old) : change;
    const mutations = this.over([kind, id]);
    /** @type {import("../model/overlay.js").Row} */
    let row = { data: server?.data || null, gone: server?.gone };
    for (const mutation of mutations) row = applied(row, mutation, this.owner);
    if (kind === "household" && old && namesIn(old.data) !== namesIn(row.data)) silently(this.tx, "meta").delete("names");
    if (!row.data) {
      if (old) this.keep(kind, id, undefined);
      if (kind === "visit") await this.recount(old, undefined);
      return;
    }
    const record = recordOf(kind, id, row, server, mutations.length);
    if (kind === "household") this.carryCounts(record, old);
    if (kind === "visit") {
      Object.assign(record, visitKeys(record, this.owner.member_id));
      await this.recount(old, record);
    }
    this.keep(kind, id, record);
  }

  /** A household that is new is counted, unless there is nothing to count. @param {Rec} record @param {Rec | undefined} old */
  carryCounts(record, old) {
    Object.assign(record, { visits: old?.visits || 0, last_visit_at: old?.last_visit_at || null });
    if (!old && !this.hasNoVisits) this.touched.add(record.id);
  }

  /** Remembers which household gained or lost a visit. @param {Rec | undefined} old @param {Rec | undefined} now */
  note(old, now) {
    const [before, after] = [old?.place, now?.place];
    if (before?.join() === after?.join()) return;
    if (before) [before, after].forEach((place) => place && this.touched.add(place[0]));
    else if (after) this.added.set(after[0], [...(this.added.get(after[0]) || []), after[1]]);
  }

  /** Takes the old visit out of the figures and the new one in. @param {Rec | undefined} old @param {Rec | undefined} now */
  async recount(old, now) {
    this.note(old, now);
    for (const [record, by] of /** @type {[Rec | undefined, 1 | -1][]} */ ([[old, -1], [now, 1]])) {
      if (!record) continue;
      if (!record.gone && record.data.team_id === this.owner.team_id) addVisit(await this.figuresOf(monthOfVisit(record.data)), record.data, by);
    }
  }

  /** @param {string} month */
  async figuresOf(month) {
    if (!this.figures.has(month)) {
      const found = await this.store("figures").get(month);
      if (!this.figures.has(month)) this.figures.set(month, found || noFigures(month));
    }
    return /** @type {import("../model/figures.js").Figures} */ (this.figures.get(month));
  }

  /** Reads rows at once, so that writing them needs no further waiting. @param {[string, string][]} rows */
  async prefetch(rows) {
    if (rows.length > MANY) {
      const [households, visits] = await Promise.all(["households", "visits"].map((name) => this.store(name).getAllKeys()));
      const known = /** @type {Record<string, Set<string>>} */ ({ household: new Set(households), visit: new Set(visits) });
      this.hasNoVisits = visits.length === 0;
      rows.forEach(([kind, id]) => { if (known[kind] && !known[kind].has(id)) this.cache.set(`${kind},${id}`, undefined); });
    }
    await Promise.all(rows.map(([kind, id]) => this.load(kind, id)));
  }

  /** Counts for the households whose visits changed, and writes the figures. Call last. */
  async finish() {
    this.figures.forEach((figures) => silently(this.tx, `figures_${this.side}`).put(figures));
    await Promise.all([...[...this.touched].map((id) => this.countAnew(id)), ...[...this.added].map((added) => this.countIn(...added))]);
    this.touched.clear();
    this.added.clear();
  }

  /** @param {string} id */
  async countAnew(id) {
    const visits = this.store("visits").index("place");
    const [household, count, last] = await Promise.all([this.load("household", id), visits.count(placesOf(id)), visits.openKeyCursor(placesOf(id), "prev")]);
    if (household) this.keep("household", id, { ...household, visits: count, last_visit_at: last ? isoOf(last.key[1]) : null });
  }

  /** @param {string} id @param {number[]} times of its new visits */
  async countIn(id, times) {
    const household = await this.load("household", id);
    if (!household || this.touched.has(id)) return;
    const last = Math.max(...times, Date.parse(household.last_visit_at || "") || 0);
    this.keep("household", id, { ...household, visits: (household.visits || 0) + times.length, last_visit_at: isoOf(last) });
  }
}

/** Which hidden texts are in a row. @param {Record<string, any> | null} data */
const namesIn = (data) => boxesIn(data).map(([, name, box]) => name + nameOf(box)).join();

/** What the server is known to have. @param {Rec | undefined} record @returns {ServerRow | null} */
export function serverOf(record) {
  if (!record) return null;
  return record.pending ? record.server || null : { version: record.version, data: record.data, gone: record.gone, village_id: record.village_id };
}

/**
 * @param {string} kind @param {string} id @param {import("../model/overlay.js").Row} row
 * @param {ServerRow | null} server @param {number} pending
 * @returns {Rec}
 */
function recordOf(kind, id, { data, gone }, server, pending) {
  const fields = /** @type {Record<string, any>} */ (data);
  const village_id = fields.village_id || server?.village_id || null;
  /** @type {Rec} */
  const record = { id, village_id, version: server?.version || 0, data: fields };
  if (kind !== "household" && kind !== "visit") record.kind = kind;
  if (gone) record.gone = gone;
  if (kind === "household" && !gone) record.list = village_id || "";
  if (pending) Object.assign(record, { pending, server });
  return record;
}

/** @param {Rec} record @param {string} member_id */
function visitKeys({ data, gone }, member_id) {
  const when = Date.parse(data.occurred_at);
  return {
    ...(data.household_id && !gone ? { place: [data.household_id, when] } : {}),
    ...(data.author_id === member_id ? { mine: -when } : {}),
  };
}
