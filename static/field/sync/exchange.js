// One request and its answer. Whatever is no whole answer of our server is trouble, and changes nothing.

import { deviceTime } from "../model/time.js";

/** @typedef {import("../store/index.js").Batch} Batch @typedef {import("../store/answer.js").Answer} Answer */

const GZIP_FROM = 500;
const LONGEST_WAIT = 3600;
const STATUSES = ["applied", "duplicate", "conflict", "refused"];

/** Why there is no answer. `code`: network, timeout, captive, broken, or the server's own; `status` where there was one. */
export class Trouble extends Error {
  /** @param {string} code @param {{status?: number, retry_after?: number, field?: string}} [more] `retry_after` in seconds */
  constructor(code, { status = 0, retry_after = 0, field = "" } = {}) {
    super(code);
    this.code = code;
    this.status = status;
    this.retry_after = retry_after;
    this.field = field;
  }
}

/** The version of the app, from the address of its modules. */
export const appVersion = () => /\/v-([^/]+)\//.exec(import.meta.url)?.[1] || "0";

/** @param {Response} response seconds or a date, as HTTP has both */
function retryAfter(response) {
  const header = response.headers.get("Retry-After");
  if (!header) return 0;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(header) - Date.now()) / 1000;
  return Math.min(Math.max(0, wait || 0), LONGEST_WAIT);
}

/** @param {string} text @returns {any} undefined when it is no JSON */
function parsed(text) {
  try { return JSON.parse(text); } catch { return undefined; }
}

/**
 * Asks the server: a whole answer with its JSON, or Trouble. The time-out covers the body too.
 * @param {string} path
 * @param {RequestInit} init
 * @param {{timeout: number, signal?: AbortSignal}} limits
 * @returns {Promise<{status: number, json: any}>}
 */
export async function ask(path, init, { timeout, signal }) {
  const controller = new AbortController();
  let isLate = false;
  const abort = () => controller.abort();
  const timer = setTimeout(() => { isLate = true; abort(); }, timeout);
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    const response = await fetch(path, { ...init, signal: controller.signal, credentials: "same-origin", cache: "no-store" });
    if (response.headers.get("Cdt-Protocol") !== "1") throw new Trouble("captive");
    const json = parsed(await response.text());
    if (response.ok && (json !== undefined || response.status === 204)) return { status: response.status, json };
    if (response.ok) throw new Trouble("broken");
    throw new Trouble(json?.code || "server", { status: response.status, retry_after: retryAfter(response), field: String(json?.field || "") });
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(isLate ? "timeout" : "network");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** @param {string} text @returns {Promise<[BodyInit, Record<string, string>]>} */
export async function packed(text) {
  if (typeof CompressionStream !== "function" || text.length < GZIP_FROM) return [text, {}];
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return [await new Response(stream).arrayBuffer(), { "Content-Encoding": "gzip" }];
}

/** @param {any} json @param {Batch} batch @returns {json is Answer} */
function isAnswer(json, batch) {
  return Boolean(json) && json.protocol === 1
    && typeof json.epoch === "string" && Number.isFinite(Date.parse(json.server_time))
    && Array.isArray(json.results) && json.results.length === batch.entries.length
    && batch.entries.every(({ id }, at) => json.results[at]?.id === id && STATUSES.includes(json.results[at].status))
    && Array.isArray(json.changes) && json.changes.every((/** @type {any} */ change) => change && change.id && change.kind)
    && (json.cursor === null || typeof json.cursor === "string") && typeof json.more === "boolean";
}

/**
 * Sends a batch and asks for one page of changes.
 * @param {Batch} batch
 * @param {number} page
 * @param {{timeout: number, signal?: AbortSignal}} limits
 * @returns {Promise<Answer>}
 */
export async function exchange(batch, page, limits) {
  const { device_id, epoch, cursor, mutations } = batch;
  const [body, headers] = await packed(JSON.stringify({
    protocol: 1, device_id, app_version: appVersion(), sent_at: deviceTime(), epoch, cursor, inbox: true,
    ...(page === 2000 ? {} : { page }),
    mutations,
  }));
  const { json } = await ask("/api/v1/sync", { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } }, limits);
  if (!isAnswer(json, batch)) throw new Trouble("broken");
  return json;
}
