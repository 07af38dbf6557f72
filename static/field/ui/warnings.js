// Urgent warnings that the member has not confirmed yet: they stand on home, whole, until they are.

import { dayAndTime } from "../model/time.js";
import { isPressing } from "../model/notice.js";
import { withNumbers } from "../model/numbers.js";
import { t } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";
import { banner } from "./parts.js";

/** @typedef {import("./app.js").App} App @typedef {import("../model/notice.js").Notice} Notice */

/** What was written, with its numbers to tap. @param {string} text */
export const callable = (text) => html`<span class="said">${withNumbers(text).map(({ words, number }) => (number ? html`<a href="tel:${number}">${words}</a>` : words))}</span>`;

/** One warning with its whole text and when it was given; `understood` where it is to be confirmed, and its title is not over it. @param {Notice} notice @param {(() => unknown) | null} understood */
export function warning({ title, text, made_at }, understood) {
  return banner("bad", "alert", html`${understood ? html`<strong>${title}</strong><br>` : nothing}${callable(text)}<br><span class="small">${dayAndTime(made_at)}</span>`,
    understood ? html`<button type="button" class="button wide" @click=${understood}>${icon("check")}${t("I understand")}</button>` : nothing);
}

/** @param {App} app */
export async function warnings(app) {
  const pressing = (await app.store.notices()).filter(isPressing);
  return pressing.map((notice) => warning(notice, async () => {
    await app.store.markRead([notice.id], true);
    await app.refresh();
  }));
}
