// The month as a picture, in the app's own colours and letters.

import { servicesLine } from "../model/sharing.js";
import { groupNumber, t } from "../model/i18n.js";

/** @typedef {import("../model/sharing.js").Summary} Summary */
/** @typedef {{size: number, colour: string, weight?: number, align?: CanvasTextAlign, most?: number}} Style size in px, `most` lines */

const WIDTH = 1080;
const HEIGHT = 1350;
const EDGE = 72;
const INNER = WIDTH - 2 * EDGE;
const GAP = 24;
/** Of the size of the letters: Vietnamese stacks accents on capitals. */
const LINE = 1.4;
const BASE = 1.07;

/** The height of a group with two lines of services, and with one, px. */
const ROOMY = 144;
const TIGHT = 104;
/** @type {Style} */
const SMALL = { size: 28, colour: "ink-soft", most: 2 };

/** The app's tokens. */
const styles = getComputedStyle(document.documentElement);
/** @param {string} name */
const token = (name) => styles.getPropertyValue(`--${name}`).trim();

/** @param {CanvasRenderingContext2D} paper @param {Style} style */
function take(paper, { size, colour, weight = 400, align = "left" }) {
  paper.font = `${weight} ${size}px ${token("font")}`;
  paper.fillStyle = token(colour);
  paper.textAlign = align;
}

/** Lines that fit; of what is too long the last one ends in an ellipsis. @param {CanvasRenderingContext2D} paper @param {string} text @param {number} width @param {number} most */
function broken(paper, text, width, most) {
  const fits = (/** @type {string} */ line) => paper.measureText(line).width <= width;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  if (lines.length <= most && lines.every(fits)) return lines;
  const shown = lines.slice(0, most);
  let last = shown[most - 1] ?? "";
  while (last && !fits(`${last}…`)) last = last.slice(0, -1);
  return [...shown.slice(0, most - 1), `${last.trimEnd()}…`];
}

/** Writes below `y`. @param {CanvasRenderingContext2D} paper @param {string} text @param {{x: number, y: number, width: number}} at @param {Style} style @returns {number} where the next line begins */
function write(paper, text, { x, y, width }, style) {
  take(paper, style);
  const lines = broken(paper, text, width, style.most || 1);
  lines.forEach((line, at) => paper.fillText(line, x, y + style.size * (BASE + LINE * at)));
  return y + lines.length * style.size * LINE;
}

/** The app's mark, from the shell's own icons. @param {CanvasRenderingContext2D} paper */
function mark(paper) {
  const [house, tick] = [...document.querySelectorAll("#i-mark path")].map((path) => new Path2D(path.getAttribute("d") || ""));
  paper.save();
  paper.translate(WIDTH - EDGE - 108, 44);
  paper.scale(3, 3);
  paper.fillStyle = token("on-brand");
  if (house) paper.fill(house);
  Object.assign(paper, { strokeStyle: token("brand"), lineWidth: 2.6, lineCap: "round", lineJoin: "round" });
  if (tick) paper.stroke(tick);
  paper.restore();
}

/** @param {CanvasRenderingContext2D} paper @param {Summary} summary @returns {number} where it ends */
function head(paper, { title, team, place }) {
  const column = { x: EDGE, width: INNER };
  const lines = () => {
    let y = write(paper, title, { ...column, y: 48, width: INNER - 132 }, { size: 60, weight: 700, colour: "on-brand" });
    y = write(paper, team, { ...column, y: y + 8 }, { size: 42, weight: 650, colour: "on-brand", most: 2 });
    return place ? write(paper, place, { ...column, y }, { size: 34, colour: "on-brand" }) : y;
  };
  const end = lines() + 36;
  paper.fillStyle = token("brand");
  paper.fillRect(0, 0, WIDTH, end);
  lines();
  mark(paper);
  return end;
}

/** Told as on every screen of the app. @param {CanvasRenderingContext2D} paper @param {string} words @param {number} y @returns {number} where it ends */
function band(paper, words, y) {
  if (!words) return y;
  paper.fillStyle = token("warn-soft");
  paper.fillRect(0, y, WIDTH, 60);
  write(paper, words, { x: WIDTH / 2, y: y + 7, width: INNER }, { size: 32, weight: 650, colour: "warn", align: "center" });
  return y + 60;
}

/** @param {CanvasRenderingContext2D} paper @param {number} x @param {number} y @param {number} width @param {number} height */
function card(paper, x, y, width, height) {
  paper.beginPath();
  paper.roundRect(x, y, width, height, 24);
  paper.fillStyle = token("card");
  paper.fill();
  Object.assign(paper, { strokeStyle: token("line"), lineWidth: 2 });
  paper.stroke();
}

/** @param {CanvasRenderingContext2D} paper @param {Summary["figures"]} figures @param {number} y @returns {number} where they end */
function tiles(paper, figures, y) {
  const width = (INNER - GAP * (figures.length - 1)) / figures.length;
  const height = figures.some(({ more }) => more) ? 300 : 232;
  figures.forEach(({ n, name, more }, at) => {
    const x = EDGE + at * (width + GAP);
    card(paper, x, y, width, height);
    const middle = { x: x + width / 2, width: width - 32 };
    const written = groupNumber(n);
    let next = write(paper, written, { ...middle, y: y + 16 }, { size: written.length > 5 ? 72 : 100, weight: 700, colour: "brand", align: "center" });
    next = write(paper, name, { ...middle, y: next }, { size: 36, colour: "ink", align: "center" });
    if (more) write(paper, more, { ...middle, y: next }, { size: 26, colour: "ink-soft", align: "center", most: 2 });
  });
  return y + height;
}

/** As many whole services as stand in so many lines. @param {CanvasRenderingContext2D} paper @param {Summary["groups"][0]} group @param {number} lines */
function lineOf(paper, group, lines) {
  take(paper, SMALL);
  let most = group.services.length;
  while (most > 1 && broken(paper, servicesLine(group, most), INNER, 9).length > lines) most -= 1;
  return servicesLine(group, most);
}

/** @param {CanvasRenderingContext2D} paper @param {Summary["groups"]} groups @param {number} y @param {number} end */
function contents(paper, groups, y, end) {
  if (!groups.length) return;
  let next = write(paper, t("What was supported"), { x: EDGE, y, width: INNER }, { size: 42, weight: 700, colour: "ink" }) + 4;
  const lines = next + groups.length * ROOMY <= end ? 2 : 1;
  for (const group of groups) {
    if (next + TIGHT > end) return;
    write(paper, groupNumber(group.n), { x: WIDTH - EDGE, y: next, width: 160 }, { size: 38, weight: 700, colour: "brand", align: "right" });
    next = write(paper, group.name, { x: EDGE, y: next, width: INNER - 180 }, { size: 38, weight: 650, colour: "brand" });
    next = write(paper, lineOf(paper, group, lines), { x: EDGE, y: next, width: INNER }, SMALL) + 12;
  }
}

/** @param {CanvasRenderingContext2D} paper @param {string[]} notes @returns {number} where they begin */
function foot(paper, notes) {
  take(paper, SMALL);
  const lines = notes.reduce((sum, note) => sum + broken(paper, note, INNER, 2).length, 0);
  const from = HEIGHT - 40 - lines * SMALL.size * LINE;
  let y = from;
  for (const note of notes) y = write(paper, note, { x: EDGE, y, width: INNER }, SMALL);
  return from - GAP;
}

/** Draws the month, 1080 × 1350 px. @param {HTMLCanvasElement} canvas @param {Summary} summary @returns {Promise<Blob | null>} it as a PNG */
export function drawMonth(canvas, summary) {
  Object.assign(canvas, { width: WIDTH, height: HEIGHT });
  const paper = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  paper.fillStyle = token("paper");
  paper.fillRect(0, 0, WIDTH, HEIGHT);
  const below = tiles(paper, summary.figures, band(paper, summary.warning, head(paper, summary)) + 36);
  contents(paper, summary.groups, below + 36, foot(paper, summary.notes));
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}
