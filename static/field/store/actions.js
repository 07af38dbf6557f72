// What a volunteer does: each one row and one mutation, in one strict transaction.

import { monthOfVisit } from "../model/figures.js";
import { uuid7 } from "../model/ids.js";
import { deviceTime } from "../model/time.js";
import { enqueue, isKnown, mutationOf, refusedEntry, requeue, settleRefused } from "./outbox.js";
import { write } from "./session.js";

/** @typedef {import("./session.js").Work} Work @typedef {Record<string, any>} Args */

/** @param {Work} work @param {string} type @param {Args} args @param {import("../model/overlay.js").Mutation["replaces"]} [replaces] */
const record = (work, type, args, replaces = null) => enqueue(work, mutationOf(work, type, args, { replaces }));

/**
 * Makes rows under their own ids; a second time makes no second row. All that is needed is read at once.
 * @param {Work} work @param {string} type @param {Args[]} rows
 */
async function make(work, type, rows) {
  const { writer } = work;
  const kind = type.split(".")[0];
  /** @type {[string, string][]} */
  const named = rows.flatMap(({ id, household_id }) => (household_id ? [[kind, id], ["household", household_id]] : [[kind, id]]));
  const [areKnown] = await Promise.all([
    Promise.all(rows.map(({ id }) => isKnown(work, id))),
    writer.prefetch(named),
    kind === "visit" && Promise.all(rows.map(({ occurred_at = deviceTime() }) => writer.figuresOf(monthOfVisit({ occurred_at })))),
  ]);
  for (const [at, args] of rows.entries()) {
    if (!areKnown[at]) await enqueue(work, mutationOf(work, type, args, { id: args.id }));
  }
}

/** @param {Work} work @param {string | undefined} key */
function endDraft({ tx, account }, key) {
  if (key) /** @type {any} */ (tx.objectStore("drafts")).delete([account.member_id, key]).catch(() => undefined);
}

/** The row's id was taken by something else: the correction makes another row. @param {string} code @param {string} type @param {Args} args */
const withFreeId = (code, type, args) => (code === "id_reused" && /\.(record|create)$/.test(type) ? { ...args, id: uuid7() } : args);

/**
 * @param {import("./db.js").Connection} db
 * @param {() => void} changed
 */
export function makeActions(db, changed) {
  /** @param {(work: Work) => Promise<void>} work @param {string} [draftKey] */
  const act = async (work, draftKey) => {
    await write(db, async (at) => {
      await work(at);
      endDraft(at, draftKey);
    });
    changed();
  };

  return {
    /** @param {Args[]} visits @param {string} [draftKey] */
    recordVisits: (visits, draftKey) => act((work) => make(work, "visit.record", visits), draftKey),
    /** @param {Args} args @param {string} [draftKey] */
    createHousehold: (args, draftKey) => act((work) => make(work, "household.create", [args]), draftKey),
    /** @param {string} id @param {Args} fields @param {string} [draftKey] */
    updateHousehold: (id, fields, draftKey) => act(async (work) => {
      const known = await work.writer.load("household", id);
      await record(work, "household.update", { id, base_version: known?.version || null, ...fields });
    }, draftKey),
    /** @param {string} id @param {string} reason */
    withdrawHousehold: (id, reason) => act((work) => record(work, "household.withdraw", { id, reason })),
    /** @param {string} id @param {string} reason @param {Args} fields @param {string} [draftKey] */
    amendVisit: (id, reason, fields, draftKey) => act((work) => record(work, "visit.amend", { id, reason, ...fields }), draftKey),
    /** @param {string} id @param {string} reason */
    withdrawVisit: (id, reason) => act((work) => record(work, "visit.withdraw", { id, reason })),
    /** @param {string} village_id @param {string} period */
    reportNothing: (village_id, period) => act((work) => record(work, "report.nothing", { village_id, period })),
    /** Gives a refused entry up; the server keeps its content. @param {string} mutationId */
    discard: (mutationId) => act(async (work) => {
      settleRefused(work, await refusedEntry(work, mutationId)).catch(() => undefined);
      await record(work, "mutation.discard", { id: mutationId });
    }),
    /** Sends a refused entry again as it is. @param {string} mutationId */
    resend: (mutationId) => act(async (work) => requeue(work, await refusedEntry(work, mutationId))),
    /** Sends a corrected entry in the place of a refused one. @param {string} mutationId @param {Args} args @param {string} [draftKey] */
    correct: (mutationId, args, draftKey) => act(async (work) => {
      const entry = await refusedEntry(work, mutationId);
      const { type, id } = entry.mutation;
      settleRefused(work, entry).catch(() => undefined);
      await record(work, type, withFreeId(entry.code, type, args), id);
    }, draftKey),
    /** @param {string} key @param {any} value */
    saveDraft: (key, value) => db.run(["meta", "drafts"], "readwrite", async (tx) => {
      const account = await /** @type {any} */ (tx.objectStore("meta")).get("account");
      await /** @type {any} */ (tx.objectStore("drafts")).put({ member_id: account?.member_id || "", key, value, saved_at: deviceTime() });
    }, "relaxed"),
    /** @param {string} key */
    dropDraft: (key) => db.run(["meta", "drafts"], "readwrite", async (tx) => {
      const account = await /** @type {any} */ (tx.objectStore("meta")).get("account");
      await /** @type {any} */ (tx.objectStore("drafts")).delete([account?.member_id || "", key]);
    }),
  };
}
