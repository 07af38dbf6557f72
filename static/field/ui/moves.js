// That a village comes to another commune or village, or does not after all, in a plain sentence, and that nothing is lost by it.

import { t, tn } from "../model/i18n.js";
import { TOLD_FOR_DAYS, isNear, nearMoves, undoneMoves } from "../model/moves.js";
import { addDays, shortDate, today } from "../model/time.js";
import { MOVES_TOLD, keep, kept } from "../store/session.js";
import { html, nothing } from "./html.js";
import { banner } from "./parts.js";
import { positionWords } from "./position-words.js";
import { called } from "./village-choice.js";

/** @param {import("../model/moves.js").Move & {village: string}} move */
function sentence({ on, village, commune_name: commune, name, was, joined }) {
  const date = shortDate(on);
  if (!name || !was) return t("From {date} on {village} belongs to {commune}.", { date, village, commune });
  if (joined) return t("From {date} on {was} is a part of {name}, {commune}.", { date, was, name, commune });
  return t("From {date} on {was} is called {name}, {commune}.", { date, was, name, commune });
}

/** @type {import("../store/index.js").Member | null | undefined} the phone's member, once it was read */
let own;
let isWatched = false;

/** @param {import("./app.js").App} app */
async function readOwn(app) {
  const found = (await app.store.members(app.village)).find(({ id }) => id === app.account?.member_id) || null;
  if (JSON.stringify(found) === JSON.stringify(own)) return;
  own = found;
  app.redraw();
}

/** Whoever the phone belongs to, read anew with every change. @param {import("./app.js").App} app */
function watchOwn(app) {
  if (isWatched) return;
  isWatched = true;
  const read = () => void readOwn(app).catch(() => undefined);
  app.store.subscribe(read);
  read();
}

/** That one's own team has ended, where one is now and as what. @param {import("./app.js").App} app */
function ownTeam({ team, account }) {
  const { came_from: before, position = "member", id = "" } = own || {};
  if (!before || id !== account?.member_id || before.on <= addDays(today(), -TOLD_FOR_DAYS)) return "";
  return t("{was} ended on {date}. You are in {team} now. Your position: {position}.", { was: before.team, date: shortDate(before.on), team, position: positionWords(position) });
}

/** Whom the team serves where one village was made of several, once it is so. @param {import("./app.js").App} app @param {import("../model/moves.js").Move[]} moves */
function servedNow({ team, villages }, moves) {
  const isOne = villages.length > 1 && moves.some(({ joined, on, name }) => joined && on <= today() && villages.filter((village) => village.name === name).length > 1);
  return isOne ? t("{team} now serves {villages}.", { team, villages: villages.map(called).join(", ") }) : "";
}

/** That what was told of a village does not come, or not any more. @param {ReturnType<typeof undoneMoves<import("./app.js").App["villages"][0]>>[0]} undone */
const undoneSentence = ({ on, village }) => t("The change of {date} was undone. {village} still belongs to {commune}.", { date: shortDate(on), village: called(village), commune: village.commune_name });

/** What was told of on this phone: to which member, of which village and day; near moves alone. @returns {[string, string, string][]} */
const allTold = () => kept(MOVES_TOLD).split("\n").map((line) => /** @type {[string, string, string]} */ (line.split(" "))).filter(([, , on = ""]) => isNear(today())({ on }));

/** Of what this member was told so far. @param {string} member @param {import("../model/moves.js").Told[]} moves of which they are told now */
function noteTold(member, moves) {
  const before = allTold();
  const lines = new Set([...before, ...moves.map(({ id, on }) => [member, id, on])].map((told) => told.join(" ")));
  const text = [...lines].join("\n");
  if (text !== kept(MOVES_TOLD)) keep(MOVES_TOLD, text);
  return before.filter(([to]) => to === member).map(([, id, on]) => ({ id, on }));
}

const SEEN = "moves-seen";

/** What of this somebody has not read yet. @param {string} member @param {string[]} told */
function unread(member, told) {
  const [reader, ...seen] = kept(SEEN).split("\n");
  return told.filter((words) => reader !== member || !seen.includes(words));
}

/** @param {import("./app.js").App} app */
export function moveNotice(app) {
  watchOwn(app);
  if (own === undefined) return nothing;
  const member = app.account?.member_id || "";
  const moves = nearMoves(app.villages, today());
  const undone = undoneMoves(noteTold(member, moves), app.villages);
  const told = [...new Set([...undone.map(undoneSentence), ownTeam(app), ...moves.map(sentence), servedNow(app, moves)])].filter(Boolean);
  const news = unread(member, told);
  if (!news.length) return nothing;
  const counts = app.waiting ? tn("{n} entry that is not sent yet still counts.", "{n} entries that are not sent yet still count.", app.waiting) : t("What was recorded before still counts.");
  const sentences = news.map((words) => html`<strong>${words}</strong><br>`);
  const understood = () => { keep(SEEN, [member, ...told].join("\n")); app.redraw(); };
  return banner("info", "houses", html`${sentences}${counts}`, html`<button type="button" class="button wide" @click=${understood}>${t("I understand")}</button>`);
}
