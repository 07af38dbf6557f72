// When a village comes to another commune, or becomes a part of another village: phones are told beforehand (the `moves`
// of a team's villages).

import { addDays } from "./time.js";

/**
 * On which civil day, into which commune; where it is called otherwise from then on, how and how before, and whether it
 * is a part of more.
 * @typedef {{on: string, commune_name: string, name?: string, was?: string, joined?: boolean}} Move
 */
/** @typedef {{id: string, name: string, commune_name: string, former?: string, moves?: Move[]}} Moving */
/** @typedef {{id: string, on: string}} Told the move of a village of which somebody was told */

export const TOLD_FOR_DAYS = 30;

/** Whether it is to come or came lately. @param {string} today @returns {(move: {on: string}) => boolean} */
export const isNear = (today) => ({ on }) => on > addDays(today, -TOLD_FOR_DAYS);

/** The moves that are near, each with its village's name. @param {Moving[]} villages @param {string} today */
export const nearMoves = (villages, today) =>
  villages.flatMap(({ id, name, moves = [] }) => moves.filter(isNear(today)).map((move) => ({ ...move, id, village: name })));

/**
 * Those of which was told and that are not any more: they were undone. What the village is told instead for the same day
 * takes the place of it. Each with its village, as it is.
 * @template {Moving} V
 * @param {Told[]} told near ones @param {V[]} villages @returns {{on: string, village: V}[]}
 */
export const undoneMoves = (told, villages) =>
  told.flatMap(({ id, on }) => villages.filter((village) => village.id === id && !village.moves?.some((move) => move.on === on)).map((village) => ({ on, village })));
