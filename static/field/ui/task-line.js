// Home's one line about tasks.

import { taskCounts } from "../model/task.js";
import { today } from "../model/time.js";
import { tn } from "../model/i18n.js";
import { html, icon, nothing } from "./html.js";

/** @param {import("../model/task.js").Due[]} tasks */
export function taskLine(tasks) {
  const { open, overdue, soon, gone } = taskCounts(tasks, today());
  if (!open && !gone) return nothing;
  const more = [
    overdue ? tn("{n} overdue", "{n} overdue", overdue) : "",
    soon ? tn("{n} due soon", "{n} due soon", soon) : "",
    gone ? tn("{n} taken back", "{n} taken back", gone) : "",
  ].filter(Boolean).map((words) => words.replaceAll(" ", "\u00a0")).join(" · ");
  return html`<ul class="rows"><li><a class="row" href="#/tasks">${icon("list")}<span class="grow"><span class="title">${tn("{n} task", "{n} tasks", open)}</span>
    ${more ? html`<span class="detail">${more}</span>` : nothing}</span>${icon("next")}</a></li></ul>`;
}
