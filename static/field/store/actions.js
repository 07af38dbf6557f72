// What a volunteer does: each one row and one mutation, in one strict transaction.

import { monthOfVisit } from "../model/figures.js";
import { uuid7 } from "../model/ids.js";
import { leadsOn } from "../model/overlay.js";
import { deviceTime } from "../model/time.js";
import { NotSaved, reading, silently } from "./db.js";
import { enter, enterAgain, refusedEntry, settleRefused, wasRefused } from "./entering.js";
import { authorOf, entryOf, perform } from "./entries.js";
import { afterPaint } from "./later.js";
import { isUnread, readRaw, recordsOf } from "./reads.js";
import { isStale, whose } from "./session.js";

/** @typedef {import("./session.js").Work} Work @typedef {Record<string, any>} Args */
/** @typedef {import("./entries.js").Author} Author @typedef {import("./entries.js").Ready} Ready */

let isAsked = false;

/** In one entry, by the protocol. */
const MOST_READ = 200;

/** Asks the browser to keep the data, unless it does already; it may say no, and is asked once in an opening of the app. */
async function keepForGood() {
  const { storage } = navigator;
  if (isAsked || !storage?.persist) return;
  isAsked = true;
  if (!(await storage.persisted().catch(() => false))) await storage.persist().catch(() => false);
}

/**
 * Makes rows under their own ids; a second time makes no second row.
 * @param {Work} work @param {Ready[]} entries @param {boolean[]} areHandled
 */
async function make(work, entries, areHandled) {
  const waiting = new Set(work.entries.map(({ id }) => id));
  for (const [at, entry] of entries.entries()) if (!areHandled[at] && !waiting.has(entry.id)) await enter(work, entry);
}

/**
 * All that making these rows needs, read at once.
 * @param {string} kind @param {Args[]} rows
 * @returns {(tx: import("./db.js").Tx, writer: import("./writer.js").Writer) => Promise<boolean[]>} which are there already, or were refused
 */
const lookFor = (kind, rows) => async (tx, writer) => {
  const households = rows.flatMap(({ household_id }) => household_id || []);
  const months = kind === "visit" ? rows.map(({ occurred_at = deviceTime() }) => monthOfVisit({ occurred_at })) : [];
  const [known, refused] = await Promise.all([
    Promise.all(rows.map(({ id }) => writer.load(kind, id))),
    Promise.all(rows.map(({ id }) => wasRefused(tx, id))),
    writer.prefetch([...new Set(households)].map((id) => ["household", id])),
    Promise.all([...new Set(months)].map((month) => writer.figuresOf(month))),
  ]);
  return rows.map((_, at) => known[at] !== undefined || refused[at]);
};

/** @param {Work} work @param {string | undefined} key */
function endDraft({ tx, account }, key) {
  if (key) silently(tx, "drafts").delete([account.member_id, key]);
}

/** The row's id was taken by something else: the correction makes another row. @param {string} code @param {string} type @param {Args} args */
const withFreeId = (code, type, args) => (code === "id_reused" && /\.(record|create|raise)$/.test(type) ? { ...args, id: uuid7() } : args);

/**
 * @param {import("./db.js").Connection} db
 * @param {import("./entries.js").Sealer} sealer
 * @param {() => void} changed
 */
export function makeActions(db, sealer, changed) {
  /** @param {Author} author @param {string} type @param {Args} args @param {{id?: string, replaces?: string | null}} [more] */
  const ready = (author, type, args, more) => entryOf(db, sealer, author, type, args, more);
  /** The draft that is being written: it must not outlive the entry that it became. @type {Promise<unknown>} */
  let drafting = Promise.resolve();

  /** One entry, and what else is done in the same transaction. @param {(author: Author) => Promise<Ready>} prepare @param {{draftKey?: string, first?: (work: Work) => Promise<void>}} [more] */
  async function act(prepare, { draftKey, first } = {}) {
    await drafting;
    await perform(db, async (author) => {
      const entry = await prepare(author);
      return async (work) => {
        if (first) await first(work);
        await enter(work, entry);
        endDraft(work, draftKey);
      };
    });
    changed();
  }

  /** @param {string} kind @param {string} type @param {Args[]} rows @param {string} [draftKey] */
  async function actMaking(kind, type, rows, draftKey) {
    await drafting;
    await perform(db, async (author) => {
      const entries = await Promise.all(rows.map((args) => ready(author, type, args, { id: args.id })));
      return async (work, /** @type {boolean[]} */ areHandled) => {
        await make(work, entries, areHandled);
        endDraft(work, draftKey);
      };
    }, lookFor(kind, rows));
    changed();
  }

  /** @param {string} id @returns {Promise<import("./outbox.js").RefusedEntry>} */
  const refusedNow = (id) => db.run(["attention"], "readonly", (tx) => /** @type {any} */ (tx.objectStore("attention")).index("id").get(id));

  /** The version that is on the phone. @param {string} id @returns {Promise<number | null>} */
  const versionOf = (id) => db.run(reading("households"), "readonly", async (tx) => {
    const [, { side }] = await whose(tx, db.keys);
    return (await /** @type {any} */ (tx.objectStore(`households_${side}`)).get(id))?.version || null;
  });

  /** @param {string} key @param {any} value */
  async function keepDraft(key, value) {
    const author = await authorOf(db, false);
    const draft = await db.keys.hidden("draft", { member_id: author.member_id, key, value, saved_at: deviceTime() });
    await db.run(["meta", "drafts"], "readwrite", async (tx) => {
      await whose(tx, db.keys);
      if (!isStale(db.keys, author)) silently(tx, "drafts").put(draft);
    }, "relaxed");
  }

  /** Some notifications were read. @param {string[]} ids @param {boolean} opened and led to what they are about */
  async function markRead(ids, opened) {
    for (let at = 0; at < ids.length; at += MOST_READ) {
      await act((author) => ready(author, "notification.read", { ids: ids.slice(at, at + MOST_READ), opened }));
    }
  }

  return {
    markRead,
    /** What some notifications are about was seen by another way. @param {string} link */
    async markSeen(link) {
      const records = await readRaw(db, ["rows"], [], (at) => recordsOf(at, "notification"));
      await markRead(records.filter((record) => isUnread(record) && record.data.link === link).map(({ id }) => id), false);
    },
    /** @param {import("./index.js").Preference} wanted */
    prefer: ({ topics_off, digest_hour }) => act((author) => ready(author, "notification.prefer", { topics_off, digest_hour })),
    /** Once there is something to lose, the browser is asked to keep it. @param {Args[]} visits @param {string} [draftKey] */
    async recordVisits(visits, draftKey) {
      await actMaking("visit", "visit.record", visits, draftKey);
      afterPaint(() => void keepForGood());
    },
    /** @param {Args} args @param {string} [draftKey] */
    recordAttendance: (args, draftKey) => actMaking("attendance", "attendance.record", [args], draftKey),
    /** @param {Args} args @param {string} [draftKey] */
    raiseRequest: (args, draftKey) => actMaking("request", "request.raise", [args], draftKey),
    /** @param {Args} args @param {string} [draftKey] */
    createHousehold: (args, draftKey) => actMaking("household", "household.create", [args], draftKey),
    /** @param {string} id @param {Args} fields @param {string} [draftKey] @param {number} [seen] the version that the person saw, where that may be long ago */
    updateHousehold: (id, fields, draftKey, seen) => act(async (author) => ready(author, "household.update", { id, base_version: seen === undefined ? await versionOf(id) : seen || null, ...fields }), { draftKey }),
    /** @param {string} id @param {string} reason */
    withdrawHousehold: (id, reason) => act((author) => ready(author, "household.withdraw", { id, reason })),
    /** @param {string} id @param {string} reason @param {Args} fields @param {string} [draftKey] */
    amendVisit: (id, reason, fields, draftKey) => act((author) => ready(author, "visit.amend", { id, reason, ...fields }), { draftKey }),
    /** @param {string} id @param {string} reason */
    withdrawVisit: (id, reason) => act((author) => ready(author, "visit.withdraw", { id, reason })),
    /** @param {string} village_id @param {string} period */
    reportNothing: (village_id, period) => act((author) => ready(author, "report.nothing", { village_id, period })),
    /** What the team says of a task: nothing where somebody has said as much already. @param {string} id @param {import("../model/task.js").State} state @param {string} [note] the reason where it is declined or blocked */
    async sayTask(id, state, note) {
      await perform(db, async (author) => {
        const entry = await ready(author, "task.progress", { id, state, ...(note ? { note } : {}) });
        return async (work) => {
          const task = await work.writer.load("task", id);
          if (task && !task.gone && leadsOn(task.data.state, state)) await enter(work, entry);
        };
      });
      changed();
    },
    /** The person knows that a task is gone: what was left of it goes too. @param {string} id */
    async dropTask(id) {
      await perform(db, async () => ({ writer }) => writer.rewrite("task", id, null));
      changed();
    },
    /** Gives a refused entry up; the server keeps its content. @param {string} mutationId */
    discard: (mutationId) => act((author) => ready(author, "mutation.discard", { id: mutationId }), {
      first: async (work) => settleRefused(work, await refusedEntry(work, mutationId)),
    }),
    /** Sends a refused entry again as it is. @param {string} mutationId */
    async resend(mutationId) {
      await perform(db, async () => async (work) => enterAgain(work, await refusedEntry(work, mutationId)));
      changed();
    },
    /** Sends a corrected entry in the place of a refused one. @param {string} mutationId @param {Args} args @param {string} [draftKey] */
    correct: (mutationId, args, draftKey) => act(async (author) => {
      const entry = await refusedNow(mutationId);
      if (!entry) throw new NotSaved("gone");
      const { type, id } = entry.mutation;
      return ready(author, type, withFreeId(entry.code, type, args), { replaces: id });
    }, { draftKey, first: async (work) => settleRefused(work, await refusedEntry(work, mutationId)) }),
    /** @param {string} key @param {any} value */
    saveDraft(key, value) {
      const writing = keepDraft(key, value);
      drafting = writing.catch(() => undefined);
      return writing;
    },
    /** @param {string} key */
    async dropDraft(key) {
      await drafting;
      await db.run(["meta", "drafts"], "readwrite", async (tx) => {
        const [account] = await whose(tx, db.keys);
        silently(tx, "drafts").delete([account?.member_id || "", key]);
      });
    },
  };
}
