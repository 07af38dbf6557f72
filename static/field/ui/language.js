// The language of this browser: the cookie that the desk and the server read says it, and is written here as well
// (cdtteam/core/i18n.py). Beside it a copy is kept, since some browsers drop a page's own cookies after a week.
// Its words come in two parts: those of the first screens at once, all others with what is drawn later.

import { addWords, locale, setCatalogue, t } from "../model/i18n.js";
import { once } from "../store/later.js";
import { keep, kept } from "../store/session.js";
import { html } from "./html.js";

const KEY = "locale";
const LASTS_S = 34560000;

/** @type {[string, string][]} each in its own language */
const LANGUAGES = [["vi", "Tiếng Việt"], ["en", "English"]];

/** What was chosen in this browser, here or at the desk; "" where nothing was. */
export function chosenLanguage() {
  const [, said] = /(?:^|; )locale=(vi|en)(?:;|$)/.exec(document.cookie) ?? [];
  if (said) return said;
  const copy = kept(KEY);
  if (copy) writeCookie(copy);
  return copy;
}

/** @param {string} language */
export function keepLanguage(language) {
  writeCookie(language);
  keep(KEY, language);
}

/** @param {string} language */
function writeCookie(language) {
  document.cookie = `locale=${language}; path=/; max-age=${LASTS_S}; SameSite=Lax`;
}

/** @param {import("./app.js").App} app */
export function languageChoice(app) {
  return html`<div class="cluster languages" role="group" aria-label=${t("Language")}>
    ${LANGUAGES.map(([code, words]) => html`<button type="button" class="chip" lang=${code} aria-pressed=${code === locale() ? "true" : "false"} @click=${() => void app.speak(code)}>${words}</button>`)}</div>`;
}

/** The first screens' words, which are under way or here. @type {Promise<void>} */
let coming = Promise.resolve();
let isWhole = false;

/** @param {string} part @returns {Promise<import("../model/i18n.js").Catalogue | null>} */
async function read(part) {
  const answer = await fetch(`/field/catalogue-${part}.json`).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** @param {string} language vi or en */
async function speakNow(language) {
  const both = isWhole;
  const [first, more] = await Promise.all([read(language), both ? read(`${language}-more`) : null]);
  if (!first || (both && !more)) return;
  setCatalogue(first);
  if (more) addWords(more);
  document.documentElement.lang = language;
}

/** Speaks a language from now on, if its words can be had. @param {string} language */
export function speak(language) {
  coming = speakNow(language === "en" ? "en" : "vi");
  return coming;
}

/** Brings the words of everything else. */
const allWords = once(async () => {
  isWhole = true;
  await coming;
  const more = await read(`${locale()}-more`);
  if (!more) throw new Error("no words");
  addWords(more);
});

/** Brings a module that is not of the first screens, with its words. @template T @param {() => Promise<T>} bring @returns {() => Promise<T>} */
export const withWords = (bring) => once(async () => (await Promise.all([bring(), allWords()]))[0]);

/**
 * A part of a screen that is seldom needed: it comes when it is asked for, and is drawn then.
 * @template T @param {() => Promise<T>} bring
 * @returns {(app: import("./app.js").App) => T | null}
 */
export function seldom(bring) {
  const come = withWords(bring);
  /** @type {T | null} */
  let part = null;
  return (app) => {
    if (!part) void come().then((found) => { part = found; app.redraw(); }, () => undefined);
    return part;
  };
}
